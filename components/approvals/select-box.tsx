import { Check } from "lucide-react";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { classNames } from "../ui/class-names.ts";
import { placeOf } from "./approval-place.ts";
import { isDecidableTogether } from "./approval-stacks.ts";

/** Takes a question into the selection that is decided together; empty of the same width where that cannot be. */
export function SelectBox({
  approval,
  isSelected,
  onToggle,
}: {
  approval: ApprovalSummary;
  isSelected: boolean;
  onToggle: () => void;
}) {
  if (!isDecidableTogether(approval)) return <span className="w-7 shrink-0" />;
  // A button, so that the page's keys work while it has the focus.
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={isSelected}
      aria-label={`Select ${approval.reason} ${placeOf(approval)}`}
      onClick={onToggle}
      className="flex w-7 shrink-0 justify-end pt-3 -outline-offset-2"
    >
      <span
        aria-hidden
        className={classNames(
          "flex size-4 items-center justify-center rounded-sm border",
          isSelected
            ? "border-accent-fill bg-accent-fill text-on-accent"
            : "border-line-strong bg-surface",
        )}
      >
        {isSelected ? <Check className="size-3" /> : null}
      </span>
    </button>
  );
}
