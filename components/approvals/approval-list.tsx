import { useEffect, useRef } from "react";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { classNames } from "../ui/class-names.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { ApprovalBadge } from "./approval-badge.tsx";
import type { Lane } from "./approval-lanes.ts";
import { RISK_LABEL } from "./approval-style.ts";

/** Approvals in lanes; the chosen one is marked and kept in sight. */
export function ApprovalList({
  lanes,
  chosenId,
  onChoose,
}: {
  lanes: readonly Lane[];
  chosenId: string | null;
  onChoose: (id: string) => void;
}) {
  return (
    <div className="flex flex-col">
      {lanes.map(({ title, approvals }) => (
        <section key={title} aria-label={title}>
          <h2 className="sticky top-0 flex justify-between border-b bg-sunken px-4 py-1.5 text-sm font-medium text-ink-muted lg:px-6">
            <span>{title}</span>
            <span className="tabular-nums">{approvals.length}</span>
          </h2>
          <ul className="divide-y border-b">
            {approvals.map((approval) => (
              <Row
                key={approval.approval_id}
                approval={approval}
                isChosen={approval.approval_id === chosenId}
                onChoose={onChoose}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Row({
  approval,
  isChosen,
  onChoose,
}: {
  approval: ApprovalSummary;
  isChosen: boolean;
  onChoose: (id: string) => void;
}) {
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  const { claimed_by: claimedBy, status } = approval;
  return (
    <li>
      <button
        ref={row}
        type="button"
        aria-current={isChosen ? "true" : undefined}
        onClick={() => onChoose(approval.approval_id)}
        className={classNames(
          "flex w-full flex-col gap-1 px-4 py-2.5 text-left -outline-offset-2 lg:px-6",
          isChosen ? "bg-selected" : "hover:bg-hover",
        )}
      >
        <span className="line-clamp-2 font-medium break-words">{approval.reason}</span>
        <span className="mono truncate text-ink-soft">
          {approval.skill_id} › {approval.step_path}
        </span>
        <span className="flex flex-wrap items-center gap-x-2 text-sm text-ink-muted">
          {status === "pending" ? (
            <span className={classNames(isRisky(approval) && "font-medium text-bad")}>
              {RISK_LABEL[approval.risk]}
            </span>
          ) : (
            <ApprovalBadge status={status} />
          )}
          <span aria-hidden>·</span>
          <span>{approval.environment}</span>
          {claimedBy === null || status !== "pending" ? null : (
            <>
              <span aria-hidden>·</span>
              <span>{claimedBy.name} is on it</span>
            </>
          )}
          <span className="ml-auto">
            {status !== "pending" ? (
              <RelativeTime at={approval.updated_at} />
            ) : approval.expires_at === null ? (
              <>
                asked <RelativeTime at={approval.created_at} />
              </>
            ) : (
              <>
                due <RelativeTime at={approval.expires_at} />
              </>
            )}
          </span>
        </span>
      </button>
    </li>
  );
}

function isRisky({ risk }: ApprovalSummary): boolean {
  return risk === "high" || risk === "critical";
}
