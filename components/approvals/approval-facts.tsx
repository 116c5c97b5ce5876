import Link from "next/link";
import { describeEligible } from "../../core/approver.ts";
import type { ApprovalDetail } from "../../core/approval-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { PropertyList } from "../ui/property-list.tsx";
import { DueTime } from "../ui/due-time.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { whenExpired } from "./consequences.ts";

/** Where the question comes from, who may decide it and until when, and the hash of what is decided. */
export function ApprovalFacts({ approval }: { approval: ApprovalDetail }) {
  const { status, quorum, expires_at: expiresAt, payload_hash: hash, claimed_by: by } = approval;
  const stepKey = occurrenceKey(approval.step_id, approval.occurrence ?? undefined);
  return (
    <PropertyList
      entries={[
        [
          "Run",
          <Link
            key="run"
            className="text-accent hover:underline"
            href={`/runs/${approval.run_id}?step=${encodeURIComponent(stepKey)}`}
          >
            {approval.skill_id} › <span className="mono">{approval.step_path}</span>
            {approval.occurrence === null ? "" : ` #${approval.occurrence}`}
          </Link>,
        ],
        ["Environment", approval.environment],
        [
          "Calls",
          approval.capability_id === null ? null : (
            <Link
              key="capability"
              className="mono text-accent hover:underline"
              href={`/registry/capabilities/${encodeURIComponent(approval.capability_id)}`}
            >
              {approval.capability_id}
            </Link>
          ),
        ],
        [
          approval.gate?.phase === "post_gate" ? "Held back by" : "Not let through by",
          approval.gate === null ? null : (
            <span key="gate" className="mono">
              {approval.gate.capabilities.join(", ")}
            </span>
          ),
        ],
        ["Risk", approval.risk],
        [
          "Decided by",
          `${describeEligible(approval.eligible)}${approval.forbid_self_approval ? ", but not who started the run" : ""}`,
        ],
        [
          "Approvals",
          quorum === 1 ? null : `${approval.approved_by_count} of ${quorum} that are needed`,
        ],
        ["Looked at by", by === null || status !== "pending" ? null : by.name],
        ["Asked", <RelativeTime key="asked" at={approval.created_at} />],
        [
          "Due",
          expiresAt === null || status !== "pending" ? null : (
            <span key="due">
              <DueTime at={expiresAt} />; then {whenExpired(approval)}
            </span>
          ),
        ],
        [
          "Payload hash",
          <span key="hash" className="flex items-center gap-1">
            <span className="mono min-w-0 truncate" title={hash}>
              {hash}
            </span>
            <CopyButton text={hash} label="Copy the payload hash" />
          </span>,
        ],
      ]}
    />
  );
}
