"use client";

import { useId, useState } from "react";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { toErrorView } from "../api/error-view.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Problem } from "../ui/problem.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { areAlike } from "./approval-stacks.ts";
import { placeOf } from "./approval-place.ts";
import { useDecideAll } from "./use-decide-all.ts";
import { usePayloadDifferences } from "./use-payload-differences.ts";
import { WhatDiffers } from "./what-differs.tsx";

/** Asks before several questions get the same answer: how many, all in which they differ, and what follows. */
export function DecideAllDialog({
  approvals,
  onDecided,
  onClose,
}: {
  approvals: readonly ApprovalSummary[];
  onDecided: () => void;
  onClose: () => void;
}) {
  // What is decided is what was on screen when it was opened, not what came in since.
  const [chosen] = useState(approvals);
  const [comment, setComment] = useState("");
  const id = useId();
  const all = useDecideAll();
  const { differences, error } = usePayloadDifferences(chosen);
  const count = chosen.length;
  const isAlike = areAlike(chosen);
  const isSame = chosen.every(({ payload_hash: hash }) => hash === chosen[0]?.payload_hash);
  const send = (decision: "approve" | "deny") =>
    all.mutate(
      { approvals: chosen, decision, comment: comment.trim() },
      {
        onSuccess: ({ refused }) => {
          onDecided();
          if (refused.length === 0) onClose();
        },
      },
    );
  const busy = all.isPending
    ? "The requests are on their way"
    : differences === null
      ? "The payloads are being read"
      : null;
  return (
    <Dialog
      isOpen
      title={isAlike ? `Decide ${count} alike` : `Decide ${count} together`}
      description={`${isAlike ? `${chosen[0]?.reason ?? ""} ` : ""}The same answer goes to each of these ${count} questions, to its payload as it is. Denying cancels the run of each; of an undoing, it leaves what was done.`}
      onClose={onClose}
    >
      <div className="flex flex-col gap-4">
        <ul
          aria-label="What is decided"
          tabIndex={0}
          className="max-h-64 divide-y overflow-auto rounded-lg border"
        >
          {chosen.map((approval, index) => (
            <WhatDiffers
              key={approval.approval_id}
              approval={approval}
              values={differences?.[index] ?? null}
              isAlike={isAlike}
              isSame={isSame}
            />
          ))}
        </ul>
        {error === null ? null : <Problem error={toErrorView(error)} />}
        <label htmlFor={id} className="flex flex-col gap-1">
          <span className="font-medium">
            Reason{" "}
            <span className="font-normal text-ink-muted">
              (needed to deny, kept in each run's history)
            </span>
          </span>
          <TextArea
            id={id}
            rows={2}
            maxLength={2_000}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        </label>
        {all.data === undefined || all.data.refused.length === 0 ? null : (
          <div role="alert" className="rounded-lg border border-bad/50 bg-bad-soft p-3">
            <p className="font-medium">
              {all.data.decided} decided, {all.data.refused.length} not:
            </p>
            <ul>
              {all.data.refused.slice(0, 5).map(({ approval, why }) => (
                <li key={approval.approval_id}>
                  {placeOf(approval)}: {why}
                </li>
              ))}
            </ul>
          </div>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Keep as they are</Button>
          <Button
            look="danger"
            blockedBecause={busy ?? (comment.trim() === "" ? "Say why first" : null)}
            onClick={() => send("deny")}
          >
            Deny all {count}
          </Button>
          <Button look="primary" blockedBecause={busy} onClick={() => send("approve")}>
            Approve all {count}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
