import { OctagonExclamationPoint } from "lucide-react";

/** Why something failed, as history keeps it: message, hint and code, in the hue of failure. */
export function Problem({
  error,
}: {
  error: { code: string; message: string; hint?: string | null };
}) {
  return (
    <div
      role="group"
      aria-label="Error"
      className="rounded-lg border border-bad/40 bg-bad-soft p-3"
    >
      <p className="flex items-start gap-2 font-medium">
        <OctagonExclamationPoint aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
        <span className="min-w-0 break-words">{error.message}</span>
      </p>
      {error.hint === undefined || error.hint === null ? null : (
        <p className="mt-1 pl-6 break-words text-ink-soft">{error.hint}</p>
      )}
      <p className="mono mt-1 pl-6 text-bad">{error.code}</p>
    </div>
  );
}
