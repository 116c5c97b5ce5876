import type { ApprovalDetail, ApprovalSummary } from "../../core/approval-view.ts";
import type { PushBack, Verdict } from "../../core/approval.ts";
import { describeEligible } from "../../core/approver.ts";
import { formatDueTime } from "../../core/due-time.ts";
import { printableJson } from "../terminal/printable-json.ts";
import { renderFacts } from "../terminal/render-facts.ts";
import { type Column, renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Tone } from "../terminal/tone.ts";

const COLUMNS: readonly Column[] = [
  { title: "APPROVAL" },
  { title: "STATUS" },
  { title: "RISK", leaves: 2 },
  { title: "DUE", leaves: 1 },
  { title: "STEP", shrinksTo: 12 },
  { title: "REASON", shrinksTo: 16 },
];

const TONES: Record<ApprovalSummary["status"], Tone> = {
  pending: "warn",
  approved: "good",
  denied: "bad",
  pushed_back: "warn",
  expired: "bad",
  canceled: "quiet",
};

const DECISION_LABEL: Record<Verdict, string> = {
  approve: "Approved",
  deny: "Denied",
  push_back: "Pushed back",
};

/** A table of approvals. Ids are never cut: they are there to be copied. */
export function renderApprovals(
  approvals: readonly ApprovalSummary[],
  { out, now }: Pick<Terminal, "out" | "now">,
): string[] {
  const at = now();
  const rows = approvals.map((approval) => [
    approval.approval_id,
    { text: approval.status, tone: TONES[approval.status] },
    approval.risk,
    sayDue(approval, at),
    `${approval.skill_id}/${approval.step_path}`,
    approval.reason,
  ]);
  return renderTable(COLUMNS, rows, { width: out.width(), paint: out.paint });
}

/** One approval with the payload that is decided, secrets masked, and who has answered what. */
export function renderApproval(
  approval: ApprovalDetail,
  { out, now }: Pick<Terminal, "out" | "now">,
): string[] {
  const { paint } = out;
  const { decisions, quorum, approved_by_count: count, redacted_values: redacted } = approval;
  return [
    `${approval.approval_id}  ${paint(TONES[approval.status], approval.status)}`,
    ...renderFacts(
      [
        ["Reason", approval.reason],
        ["Risk", approval.risk],
        ["Run", `${approval.run_id} ${approval.skill_id} in ${approval.environment}`],
        ["Step", approval.step_path],
        ["Calls", approval.capability_id],
        ["Decided by", describeEligible(approval.eligible)],
        ["Approved", quorum === 1 ? null : `${count} of ${quorum}`],
        ["Due", approval.expires_at === null ? null : sayDue(approval, now())],
        ["Claimed by", approval.claimed_by?.name ?? null],
        ["Hash", approval.payload_hash],
        ...decisions.map(
          ({ name, decision, comment, push_back: to }) =>
            [DECISION_LABEL[decision], sayAnswer(name, comment, to)] as const,
        ),
      ],
      paint,
    ),
    "",
    paint("strong", "Payload"),
    printableJson(approval.payload),
    ...(redacted === 0
      ? []
      : [
          paint("quiet", "[redacted] stands for a secret; left in its place, it stays what it is."),
        ]),
  ];
}

function sayAnswer(name: string, comment: string | undefined, to: PushBack | undefined): string {
  const where = to === undefined ? "" : ` to ${to.step}, which ${to.run_id} runs again`;
  return comment === undefined ? `by ${name}${where}` : `by ${name}${where}: ${comment}`;
}

function sayDue({ expires_at: expiresAt, status }: ApprovalSummary, at: number): string {
  if (expiresAt === null || status !== "pending") return "–";
  return formatDueTime(Date.parse(expiresAt), at);
}
