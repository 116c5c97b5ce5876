import type { StepStatus } from "../../core/step.ts";
import { STATUS_STYLE, TONE_STYLE } from "../runs/status-style.ts";
import { classNames } from "../ui/class-names.ts";

type StateCountsProps = { counts: readonly (readonly [StepStatus, number])[]; total: number };

/** How many occurrences of a loop stand where: numbers with the shape of their status. */
export function StateCounts({ counts, total }: StateCountsProps) {
  const known = counts.reduce((sum, [, count]) => sum + count, 0);
  const description = counts
    .map(([status, count]) => `${count} ${STATUS_STYLE[status].label.toLowerCase()}`)
    .join(", ");
  return (
    <span
      role="img"
      aria-label={`${description} of ${total}`}
      title={`${description} of ${total}`}
      className="flex items-center gap-1.5"
    >
      {counts.map(([status, count]) => {
        const { icon: Icon, tone } = STATUS_STYLE[status];
        return (
          <span
            key={status}
            className={classNames("flex items-center gap-0.5", TONE_STYLE[tone].text)}
          >
            <Icon aria-hidden className="size-3" />
            {count}
          </span>
        );
      })}
      {known < total ? <span className="text-ink-muted">/{total}</span> : null}
    </span>
  );
}
