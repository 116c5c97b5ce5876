import type { ApprovalStatus } from "../../core/approval.ts";
import { TONE_STYLE } from "../runs/status-style.ts";
import { classNames } from "../ui/class-names.ts";
import { APPROVAL_STYLE } from "./approval-style.ts";

/** An approval's status as shape, word and hue. */
export function ApprovalBadge({ status }: { status: ApprovalStatus }) {
  const { icon: Icon, label, tone } = APPROVAL_STYLE[status];
  return (
    <span
      className={classNames(
        "inline-flex h-5 shrink-0 items-center gap-1 rounded-sm px-1.5 text-sm font-medium whitespace-nowrap",
        TONE_STYLE[tone].soft,
        TONE_STYLE[tone].text,
      )}
    >
      <Icon aria-hidden className="size-3.5" />
      {label}
    </span>
  );
}
