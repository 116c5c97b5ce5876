import type { BarKind } from "./timeline-bars.ts";
import { classNames } from "../ui/class-names.ts";

/** How each kind of time is filled: solid for work, hatched before a retry, hollow while waiting. */
export const BAR_FILL: Record<BarKind, string> = {
  work: "bg-current",
  retry_wait: "fill-hatch border-y border-current",
  wait: "border border-current bg-current/20",
};

const NAMES: Record<BarKind, string> = {
  work: "working",
  retry_wait: "before retry",
  wait: "waiting",
};
const KINDS: readonly BarKind[] = ["work", "wait", "retry_wait"];

/** What the fills of the timeline mean. */
export function TimelineLegend() {
  return (
    <span className="flex items-center gap-2.5 overflow-hidden pl-3 whitespace-nowrap">
      {KINDS.map((kind) => (
        <span key={kind} className="flex items-center gap-1">
          <span aria-hidden className={classNames("h-2 w-3 rounded-xs", BAR_FILL[kind])} />
          {NAMES[kind]}
        </span>
      ))}
    </span>
  );
}
