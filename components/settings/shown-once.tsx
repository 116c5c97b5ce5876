import { Button } from "../ui/button.tsx";
import { CommandLine } from "../ui/command-line.tsx";
import { Dialog } from "../ui/dialog.tsx";

type ShownOnceProps = {
  /** What it is, as in "Copy the key now". */
  name: string;
  /** What whoever has it may do with it. */
  use: string;
  secret: string;
  onClose: () => void;
};

/** A secret that was just made, to be copied: nobody can look at it again. */
export function ShownOnce({ name, use, secret, onClose }: ShownOnceProps) {
  return (
    <Dialog
      isOpen
      title={`Copy the ${name} now`}
      description={`It is shown this once. ${use}`}
      onClose={onClose}
    >
      <div className="flex flex-col gap-4">
        <CommandLine command={secret} />
        <div className="flex justify-end">
          <Button look="primary" onClick={onClose}>
            I have it
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
