import { classNames } from "../ui/class-names.ts";
import { STATUS_STYLE, TONE_STYLE, type AnyStatus } from "./status-style.ts";

/** A status as shape, word and hue. */
export function StatusBadge({ status, className }: { status: AnyStatus; className?: string }) {
  const { icon: Icon, label, tone } = STATUS_STYLE[status];
  return (
    <span
      className={classNames(
        "inline-flex h-5 shrink-0 align-middle items-center gap-1 rounded-sm px-1.5 text-sm font-medium whitespace-nowrap",
        TONE_STYLE[tone].soft,
        TONE_STYLE[tone].text,
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5" />
      {label}
    </span>
  );
}
