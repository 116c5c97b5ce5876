import { toErrorView } from "../api/error-view.ts";
import { Button } from "../ui/button.tsx";
import { Problem } from "../ui/problem.tsx";

/** The end of a form in a dialog: why it was refused, the way back, and the button that sends it. */
export function FormEnd({
  action,
  missing,
  request,
  onClose,
}: {
  /** What the button that sends the form says. */
  action: string;
  /** What has to be filled in first; null where nothing has. */
  missing: string | null;
  request: { error: unknown; isPending: boolean };
  onClose: () => void;
}) {
  return (
    <>
      {request.error === null ? null : <Problem error={toErrorView(request.error)} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          look="primary"
          blockedBecause={missing ?? (request.isPending ? "The request is on its way" : null)}
        >
          {action}
        </Button>
      </div>
    </>
  );
}
