import { useEffect, useRef } from "react";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { DueTime } from "../ui/due-time.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { ApprovalBadge } from "./approval-badge.tsx";
import type { Lane } from "./approval-lanes.ts";
import { placeOf } from "./approval-place.ts";
import { decidableAlike, toStacks, type Stack } from "./approval-stacks.ts";
import { SelectBox } from "./select-box.tsx";
import { RISK_LABEL } from "./approval-style.ts";

type ListProps = {
  chosenId: string | null;
  onChoose: (id: string) => void;
  selected: readonly ApprovalSummary[];
  onToggle: (approval: ApprovalSummary) => void;
  /** Decides all that are alike; asked of the first of them. */
  onDecideAll: (approval: ApprovalSummary) => void;
};

/** Approvals in lanes, those that are alike under one question; the chosen one is marked and kept in sight. */
export function ApprovalList({ lanes, ...list }: { lanes: readonly Lane[] } & ListProps) {
  return (
    <div className="flex flex-col">
      {lanes.map(({ title, approvals }) => (
        <section key={title} aria-label={title}>
          <h2 className="sticky top-0 z-10 flex justify-between border-b bg-sunken px-4 py-1.5 text-sm font-medium text-ink-muted lg:px-6">
            <span>{title}</span>
            <span className="tabular-nums">{approvals.length}</span>
          </h2>
          <ul className="divide-y border-b">
            {toStacks(approvals).map((stack) => (
              <StackItem key={stack.key} stack={stack} {...list} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function StackItem({ stack: { approvals }, ...list }: { stack: Stack } & ListProps) {
  const [first] = approvals;
  if (first === undefined) return null;
  if (approvals.length === 1) {
    return (
      <li>
        <Row approval={first} {...list}>
          <Question approval={first} />
          {first.gist === "" ? null : <Gist approval={first} />}
        </Row>
      </li>
    );
  }
  const decidable = decidableAlike(approvals, first).length;
  const isInDoubt = first.kind === "in_doubt" && first.status === "pending";
  return (
    <li>
      <div className="flex flex-col gap-1 py-2.5 pr-4 pl-10 lg:pr-6">
        <Question approval={first} />
        <span className="flex flex-wrap items-center justify-between gap-2 text-sm text-ink-muted">
          <span>
            {approvals.length} alike
            {isInDoubt ? ": each is answered by itself, since each call ended in its own way" : ""}
          </span>
          {decidable < 2 ? null : (
            <Button size="small" onClick={() => list.onDecideAll(first)}>
              Decide all {decidable}…
            </Button>
          )}
        </span>
      </div>
      <ul className="ml-4 border-l lg:ml-6">
        {approvals.map((approval) => (
          <li key={approval.approval_id}>
            <Row approval={approval} isInside {...list}>
              {approval.gist === "" ? null : <Gist approval={approval} />}
            </Row>
          </li>
        ))}
      </ul>
    </li>
  );
}

function Question({ approval }: { approval: ApprovalSummary }) {
  return (
    <>
      <span className="line-clamp-2 font-medium break-words">{approval.reason}</span>
      <span className="mono truncate text-ink-soft">
        {approval.skill_id} › {approval.step_path}
      </span>
    </>
  );
}

function Gist({ approval }: { approval: ApprovalSummary }) {
  return <span className="line-clamp-2 break-words text-ink">{approval.gist}</span>;
}

function Row({
  approval,
  chosenId,
  onChoose,
  selected,
  onToggle,
  isInside = false,
  children,
}: Omit<ListProps, "onDecideAll"> & {
  approval: ApprovalSummary;
  isInside?: boolean;
  children: React.ReactNode;
}) {
  const row = useRef<HTMLButtonElement>(null);
  const isChosen = approval.approval_id === chosenId;
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  return (
    <div className={classNames("flex", isChosen ? "bg-selected" : "hover:bg-hover")}>
      <SelectBox
        approval={approval}
        isSelected={selected.includes(approval)}
        onToggle={() => onToggle(approval)}
      />
      <button
        ref={row}
        type="button"
        aria-current={isChosen ? "true" : undefined}
        onClick={() => onChoose(approval.approval_id)}
        className={classNames(
          "flex min-w-0 flex-1 flex-col gap-1 pr-4 pl-3 text-left -outline-offset-2 lg:pr-6",
          isInside ? "py-2" : "py-2.5",
        )}
      >
        {children}
        <State approval={approval} isInside={isInside} />
      </button>
    </div>
  );
}

/** How it stands; what all of a stack have in common is said above them. */
function State({ approval, isInside }: { approval: ApprovalSummary; isInside: boolean }) {
  const { claimed_by: claimedBy, status } = approval;
  return (
    <span className="flex flex-wrap items-center gap-x-2 text-sm text-ink-muted">
      {status === "pending" ? (
        <span className={classNames(isRisky(approval) && "font-medium text-bad")}>
          {RISK_LABEL[approval.risk]}
        </span>
      ) : (
        <ApprovalBadge status={status} />
      )}
      {isInside ? null : (
        <>
          <span aria-hidden>·</span>
          <span>{approval.environment}</span>
        </>
      )}
      <span aria-hidden>·</span>
      <span>{placeOf(approval)}</span>
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
            due <DueTime at={approval.expires_at} />
          </>
        )}
      </span>
    </span>
  );
}

function isRisky({ risk }: ApprovalSummary): boolean {
  return risk === "high" || risk === "critical";
}
