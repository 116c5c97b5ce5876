"use client";

import { ArrowLeft, CircleCheckBig, Inbox } from "lucide-react";
import { useMemo, useState } from "react";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { toErrorView } from "../api/error-view.ts";
import { usePageKeys } from "../shell/page-keys.tsx";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { KeyCap } from "../ui/key-cap.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { TabBar } from "../ui/tab-bar.tsx";
import { useNow } from "../ui/use-now.ts";
import { toLanes, type Lane } from "./approval-lanes.ts";
import { ApprovalList } from "./approval-list.tsx";
import { decidableAlike, isDecidableTogether, toStacks } from "./approval-stacks.ts";
import { DecideAllDialog } from "./decide-all-dialog.tsx";
import { ApprovalPane } from "./approval-pane.tsx";
import { APPROVAL_TABS, useApprovalChoice, type ApprovalTab } from "./use-approval-choice.ts";
import { useApprovals } from "./use-approvals.ts";

const LABELS: Record<ApprovalTab, string> = {
  mine: "Waiting for me",
  pending: "All pending",
  decided: "Decided",
};

/** What people are asked before runs go on: the list on one side, the question on the other. */
export function ApprovalsPage() {
  const [{ tab, id, selected: selectedIds }, change] = useApprovalChoice();
  const query = useApprovals(tab);
  const now = useNow(60_000);
  const lanes = useMemo((): Lane[] => {
    const items = query.data?.items ?? [];
    if (tab !== "decided") return toLanes(items, now);
    return items.length === 0 ? [] : [{ title: "Newest first", approvals: items }];
  }, [query.data, tab, now]);
  const inOrder = useMemo(
    () => lanes.flatMap(({ approvals }) => toStacks(approvals).flatMap((stack) => stack.approvals)),
    [lanes],
  );
  const chosenId = id ?? inOrder[0]?.approval_id ?? null;

  const move = (by: number) => {
    const at = inOrder.findIndex((approval) => approval.approval_id === chosenId);
    const next = inOrder[Math.min(inOrder.length - 1, Math.max(0, at + by))];
    if (next !== undefined) change({ id: next.approval_id }, id === null ? "push" : "replace");
  };
  const [decidingAll, setDecidingAll] = useState<readonly ApprovalSummary[] | null>(null);
  const decideAll = (approval: ApprovalSummary) => {
    const alike = decidableAlike(inOrder, approval);
    if (alike.length > 1) setDecidingAll(alike);
  };
  const chosen = inOrder.find((approval) => approval.approval_id === chosenId);
  // One that was decided meanwhile, or is in another list, counts no more.
  const selected = inOrder.filter(
    (approval) => selectedIds.includes(approval.approval_id) && isDecidableTogether(approval),
  );
  const toggle = (approval: ApprovalSummary) => {
    if (!isDecidableTogether(approval)) return;
    const others = selected.filter((each) => each !== approval);
    const next = others.length < selected.length ? others : [...selected, approval];
    change({ selected: next.map((each) => each.approval_id) }, "replace");
  };
  usePageKeys([
    {
      key: "x",
      label: "Select, to decide several together",
      run: () => (chosen === undefined ? undefined : toggle(chosen)),
    },
    {
      key: "l",
      label: "Decide the selected, or all that are alike",
      run: () => {
        if (selected.length > 0) setDecidingAll(selected);
        else if (chosen !== undefined) decideAll(chosen);
      },
    },
    { key: "j", label: "Next approval", run: () => move(1) },
    { key: "k", label: "Previous approval", run: () => move(-1) },
  ]);

  return (
    <>
      <PageHeader title="Approvals">What people are asked before runs go on.</PageHeader>
      <TabBar
        label="Which approvals"
        tabs={APPROVAL_TABS.map((value) => ({ value, label: LABELS[value] }))}
        value={tab}
        place="page"
        onChange={(next) => change({ tab: next, id: null, selected: [] })}
      >
        {query.error !== null && query.data === undefined ? (
          <ErrorState error={toErrorView(query.error)} onRetry={() => void query.refetch()} />
        ) : query.data === undefined ? (
          <LoadingRows />
        ) : chosenId === null ? (
          <NothingToDo tab={tab} />
        ) : (
          <div className="flex min-h-0 flex-1">
            <div
              role="region"
              aria-label="List of approvals"
              className={classNames(
                "flex min-h-0 w-full shrink-0 flex-col border-r md:w-96",
                id !== null && "max-md:hidden",
              )}
            >
              {selected.length === 0 ? null : (
                <div
                  role="status"
                  className="flex items-center justify-between gap-2 border-b bg-selected px-4 py-1.5 lg:px-6"
                >
                  <span className="font-medium">{selected.length} selected</span>
                  <span className="flex gap-2">
                    <Button size="small" onClick={() => change({ selected: [] }, "replace")}>
                      Clear
                    </Button>
                    <Button size="small" look="primary" onClick={() => setDecidingAll(selected)}>
                      Decide {selected.length}… <KeyCap>L</KeyCap>
                    </Button>
                  </span>
                </div>
              )}
              <div className="min-h-0 flex-1 overflow-auto">
                {inOrder.length === 0 ? (
                  <NothingToDo tab={tab} />
                ) : (
                  <ApprovalList
                    lanes={lanes}
                    selected={selected}
                    onToggle={toggle}
                    chosenId={chosenId}
                    onChoose={(next) => change({ id: next })}
                    onDecideAll={decideAll}
                  />
                )}
              </div>
            </div>
            <div
              className={classNames(
                "flex min-h-0 min-w-0 flex-1 flex-col",
                id === null && "max-md:hidden",
              )}
            >
              <Button
                look="quiet"
                className="m-2 self-start md:hidden"
                onClick={() => change({ id: null })}
              >
                <ArrowLeft aria-hidden /> All approvals
              </Button>
              <ApprovalPane key={chosenId} approvalId={chosenId} />
            </div>
          </div>
        )}
      </TabBar>
      {decidingAll === null ? null : (
        <DecideAllDialog
          approvals={decidingAll}
          onDecided={() => change({ selected: [] }, "replace")}
          onClose={() => setDecidingAll(null)}
        />
      )}
    </>
  );
}

function NothingToDo({ tab }: { tab: ApprovalTab }) {
  if (tab === "decided") {
    return (
      <EmptyState icon={Inbox} title="Nothing has been decided yet">
        Answers stay here with who gave them and why.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={CircleCheckBig}
      title={tab === "mine" ? "Nothing waits for you" : "No run waits for an approval"}
    >
      A run asks where a skill has a step <code className="mono">wait.approval</code>, before a
      capability that requires confirmation is called, and where a gate leaves it to people.
    </EmptyState>
  );
}

function LoadingRows() {
  return (
    <div aria-busy="true" aria-label="Approvals are loading" role="status" className="md:w-96">
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className="flex flex-col gap-2 border-b px-4 py-3 lg:px-6">
          <Skeleton className="h-4 w-64" />
          <Skeleton className="h-4 w-48" />
        </div>
      ))}
    </div>
  );
}
