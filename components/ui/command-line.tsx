import { CopyButton } from "./copy-button.tsx";

/** A command that one may type into a terminal, whole on as many lines as it needs, with a button that copies it. */
export function CommandLine({ command }: { command: string }) {
  return (
    <span className="flex max-w-full items-center gap-2 rounded-md border bg-sunken py-1 pr-1 pl-3 text-left">
      <code className="mono min-w-0 flex-1 [overflow-wrap:anywhere] whitespace-pre-wrap">
        {command}
      </code>
      <CopyButton text={command} label="Copy command" />
    </span>
  );
}
