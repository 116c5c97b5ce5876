"use client";

import { useQuery } from "@tanstack/react-query";
import { UserRound } from "lucide-react";
import Link from "next/link";
import { useTRPC } from "../api/trpc.ts";
import { buttonStyle } from "../ui/button.tsx";

/** The way from a step that waits for people to what they are asked. */
export function StepApproval({
  runId,
  stepId,
  occurrence,
}: {
  runId: string;
  stepId: string;
  occurrence: string | null;
}) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.approvals.ofRun.queryOptions({ run_id: runId, limit: 500 }, { refetchInterval: 5_000 }),
  );
  const pending = query.data?.items.find(
    (approval) =>
      approval.status === "pending" &&
      approval.step_id === stepId &&
      (occurrence === null || approval.occurrence === occurrence),
  );
  if (pending === undefined) return null;
  return (
    <div className="flex flex-col gap-2 rounded-lg border border-waiting/50 bg-waiting-soft p-3">
      <p className="font-medium break-words">{pending.reason}</p>
      <Link
        className={`${buttonStyle({ look: "plain" })} self-start`}
        href={`/approvals?tab=pending&id=${encodeURIComponent(pending.approval_id)}`}
      >
        <UserRound aria-hidden />{" "}
        {pending.blocked_because === null ? "Decide this approval" : "Open this approval"}
      </Link>
    </div>
  );
}
