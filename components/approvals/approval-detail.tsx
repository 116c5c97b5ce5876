"use client";

import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { ApprovalDetail } from "../../core/approval-view.ts";
import { jsonChanges } from "../../core/json-changes.ts";
import type { JsonObject } from "../../core/json.ts";
import { whyNoPushBack } from "../../core/push-back-place.ts";
import { useTRPC } from "../api/trpc.ts";
import { ReasonDialog } from "../run-explorer/reason-dialog.tsx";
import { usePageKeys } from "../shell/page-keys.tsx";
import { problemsByInput } from "../start-run/server-problems.ts";
import { useStartForm } from "../start-run/use-start-form.ts";
import { ApprovalBadge } from "./approval-badge.tsx";
import { AnswerBar } from "./answer-bar.tsx";
import { ApprovalFacts } from "./approval-facts.tsx";
import { changedSince, denyVerb, whenApproved, whenDenied } from "./consequences.ts";
import { DecisionList } from "./decision-list.tsx";
import { EditedValues } from "./edited-values.tsx";
import { formFields, withFormValues } from "./form-fields.ts";
import { PushBackDialog } from "./push-back-dialog.tsx";
import { ReassignDialog } from "./reassign-dialog.tsx";
import { PayloadSection } from "./payload-section.tsx";
import { useAnswer } from "./use-answer.ts";

/** One question: what exactly is decided, where it comes from, what each answer leads to, and the answers so far. */
export function ApprovalDetailView({ approval }: { approval: ApprovalDetail }) {
  const { payload, status, blocked_because: blockedBecause } = approval;
  const fields = formFields(approval);
  const form = useStartForm(fields, payload);
  const [isEditing, setIsEditing] = useState(
    approval.form_schema !== null && blockedBecause === null,
  );
  const [opened, setOpened] = useState<"push_back" | "reassign" | null>(null);
  const [asked, setAsked] = useState<{ verdict: "approve" | "deny"; payload: JsonObject } | null>(
    null,
  );
  const answer = useAnswer(approval);
  const trpc = useTRPC();
  const me = useQuery(trpc.me.get.queryOptions());
  const element = useRef<HTMLDivElement>(null);
  const refused = problemsByInput(answer.error, Object.keys(fields));
  const mayEdit = blockedBecause === null && Object.keys(fields).length > 0;

  const approve = () => {
    const values = isEditing ? form.read() : payload;
    if (values === null) {
      requestAnimationFrame(() =>
        element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(),
      );
      return;
    }
    setAsked({
      verdict: "approve",
      payload: isEditing ? withFormValues(payload, fields, values) : payload,
    });
  };
  const deny = () => setAsked({ verdict: "deny", payload });
  const toggle = () => {
    form.fill(payload);
    setIsEditing(!isEditing);
  };
  const open = (what: "push_back" | "reassign") => {
    const isAdmin = me.data?.role === "admin";
    if (blockedBecause !== null && !(what === "reassign" && isAdmin && status === "pending"))
      return;
    answer.reset();
    setOpened(what);
  };
  usePageKeys([
    { key: "a", label: "Approve", run: () => (blockedBecause === null ? approve() : undefined) },
    { key: "d", label: "Deny", run: () => (blockedBecause === null ? deny() : undefined) },
    {
      key: "b",
      label: "Push back",
      run: () => (whyNoPushBack(approval) === null ? open("push_back") : undefined),
    },
    { key: "r", label: "Reassign", run: () => open("reassign") },
    { key: "e", label: "Edit the payload", run: () => (mayEdit ? toggle() : undefined) },
  ]);
  const changes = asked === null ? [] : jsonChanges(payload, asked.payload);

  return (
    <article ref={element} className="flex min-h-0 flex-1 flex-col" aria-label={approval.reason}>
      <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-auto p-4 lg:p-6">
        <header className="flex flex-wrap items-start gap-x-3 gap-y-1">
          <h2 className="min-w-0 flex-1 basis-60 text-lg font-semibold break-words">
            {approval.reason}
          </h2>
          <ApprovalBadge status={status} />
        </header>
        <ApprovalFacts approval={approval} />
        {approval.changes.length === 0 ? null : (
          <section aria-label={changedSince(approval)} className="flex flex-col gap-2">
            <h3 className="font-medium">{changedSince(approval)}</h3>
            <EditedValues changes={approval.changes} label="What changed" />
          </section>
        )}
        <PayloadSection
          approval={approval}
          fields={fields}
          form={form}
          refused={refused}
          isEditing={isEditing}
          onToggle={mayEdit ? toggle : null}
          onChange={answer.reset}
        />
        <DecisionList approval={approval} />
      </div>
      {status === "pending" ? (
        <AnswerBar
          approval={approval}
          answer={answer}
          onApprove={approve}
          onDeny={deny}
          onPushBack={() => open("push_back")}
          onReassign={() => open("reassign")}
        />
      ) : null}
      {opened === "push_back" ? (
        <PushBackDialog approval={approval} answer={answer} onClose={() => setOpened(null)} />
      ) : null}
      {opened === "reassign" ? (
        <ReassignDialog answer={answer} onClose={() => setOpened(null)} />
      ) : null}
      {asked === null ? null : (
        <ReasonDialog
          title={asked.verdict === "deny" ? "Deny this" : "Approve this"}
          consequence={asked.verdict === "deny" ? whenDenied(approval) : whenApproved(approval)}
          verb={
            asked.verdict === "deny"
              ? denyVerb(approval)
              : changes.length === 0
                ? "Approve"
                : "Approve with edits"
          }
          isDangerous={asked.verdict === "deny"}
          isReasonRequired={asked.verdict === "deny"}
          isBusy={answer.isBusy}
          error={answer.error}
          onSend={(reason) =>
            answer.send(
              {
                decision: asked.verdict,
                ...(changes.length === 0 ? {} : { payload: asked.payload }),
                ...(reason === "" ? {} : { comment: reason }),
              },
              () => setAsked(null),
            )
          }
          onClose={() => setAsked(null)}
        >
          <EditedValues changes={changes} label="What you edited" fields={fields} />
        </ReasonDialog>
      )}
    </article>
  );
}
