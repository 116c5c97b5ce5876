"use client";

import { MOST_APPROVALS, useApprovals } from "./use-approvals.ts";

/** How many approvals wait for the viewer; nothing where none does. */
export function ApprovalCount() {
  const { data } = useApprovals("mine");
  const count = data?.items.length ?? 0;
  if (count === 0) return null;
  return (
    <span className="rounded-sm bg-waiting-soft px-1.5 text-sm font-medium text-waiting tabular-nums max-md:absolute max-md:top-0 max-md:left-1/2 max-md:ml-1 max-md:px-1 max-md:text-xs md:ml-auto">
      {data?.next_cursor == null ? count : `${MOST_APPROVALS}+`}
      <span className="sr-only"> waiting for you</span>
    </span>
  );
}
