"use client";

import { Check } from "lucide-react";
import Link from "next/link";
import type { ApprovalDetail } from "../../core/approval-view.ts";
import { choiceLabel } from "../start-run/input-text.ts";
import { Button } from "../ui/button.tsx";
import { formFields } from "./form-fields.ts";
import { DoubtAnswers } from "../effects/doubt-answers.tsx";
import type { SaidOfDoubt } from "../effects/doubt-words.ts";
import { JsonViewer } from "../json-viewer/json-viewer.tsx";
import { ApprovalBadge } from "./approval-badge.tsx";
import { ApprovalFacts } from "./approval-facts.tsx";
import { DecisionList } from "./decision-list.tsx";
import { useAnswer } from "./use-answer.ts";

function effectLink({ payload }: ApprovalDetail): string {
  const { effect_id: effectId } = payload;
  return `/effects?effect=${encodeURIComponent(typeof effectId === "string" ? effectId : "")}`;
}

/** The question what became of a call: what was sent, and the three things that one may say. */
export function DoubtQuestion({ approval }: { approval: ApprovalDetail }) {
  const { payload, status, quorum, blocked_because: blockedBecause } = approval;
  // What others have said already, who are not enough by themselves.
  const { outcome: said = null } = payload;
  const answer = useAnswer(approval);
  const send = ({ outcome, result, comment }: SaidOfDoubt, onSent: () => void) =>
    answer.send(
      {
        ...(outcome === "stop"
          ? { decision: "deny" as const }
          : {
              decision: "approve" as const,
              payload: { ...payload, outcome, result: result ?? null },
            }),
        ...(comment === undefined ? {} : { comment }),
      },
      onSent,
    );
  return (
    <article className="flex min-h-0 flex-1 flex-col" aria-label={approval.reason}>
      <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-auto p-4 lg:p-6">
        <header className="flex flex-wrap items-start gap-x-3 gap-y-1">
          <h2 className="min-w-0 flex-1 basis-60 text-lg font-semibold break-words">
            {approval.reason}
          </h2>
          <ApprovalBadge status={status} />
        </header>
        <ApprovalFacts approval={approval} />
        <section aria-label="Request" className="flex max-w-3xl flex-col gap-2">
          <h3 className="flex flex-wrap items-baseline justify-between gap-x-3 font-medium">
            {status === "pending" ? "Request, as it may have been acted on" : "Request and answer"}
            <Link className="font-normal text-accent hover:underline" href={effectLink(approval)}>
              The effect and its provider key
            </Link>
          </h3>
          <div className="flex h-72 flex-col rounded-lg border bg-surface">
            <JsonViewer
              value={status === "pending" ? (payload["request"] ?? null) : payload}
              label="the payload"
            />
          </div>
        </section>
        <DecisionList approval={approval} />
      </div>
      {status === "pending" ? (
        <footer className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t bg-surface px-4 py-3 lg:px-6">
          <p className="min-w-0 flex-1 basis-64 text-ink-soft">
            {blockedBecause ??
              `Look at the provider first: the request may have been acted on, and is not sent again by itself.${quorum === 1 ? "" : ` ${quorum} people have to say the same.`}`}
          </p>
          {said === null ? null : (
            <Button
              blockedBecause={
                blockedBecause ?? (answer.isBusy ? "The request is on its way" : null)
              }
              onClick={() => answer.send({ decision: "approve" }, answer.reset)}
            >
              <Check aria-hidden /> Agree:{" "}
              {choiceLabel(formFields(approval)["outcome"] ?? {}, said)}
            </Button>
          )}
          <DoubtAnswers
            capabilityId={approval.capability_id ?? ""}
            isWaiting
            blockedBecause={blockedBecause}
            isBusy={answer.isBusy}
            error={answer.error}
            onAsk={answer.reset}
            send={send}
          />
        </footer>
      ) : null}
    </article>
  );
}
