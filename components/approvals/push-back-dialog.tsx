"use client";

import { useQuery } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import type { ApprovalDetail } from "../../core/approval-view.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { parsePlanWish } from "../rewind/plan-href.ts";
import { usePlan } from "../rewind/use-plan.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Problem } from "../ui/problem.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { useSettled } from "../ui/use-settled.ts";
import type { ApprovalAnswer } from "./use-answer.ts";

/** Nobody reads a plan of half a word. */
const PAUSE_MS = 300;

/** Sends the work back: to which earlier step, which input takes the comment, and what would run again. */
export function PushBackDialog({
  approval,
  answer,
  onClose,
}: {
  approval: ApprovalDetail;
  answer: ApprovalAnswer;
  onClose: () => void;
}) {
  const { steps, inputs, free, isLoading } = usePlaces(approval);
  const [chosenStep, setStep] = useState<string | null>(null);
  const [chosenInput, setInput] = useState<string | null>(null);
  const [written, setComment] = useState("");
  const comment = written.trim();
  const id = useId();
  const step = chosenStep ?? steps.at(-1) ?? "";
  const input = chosenInput ?? free[0] ?? "";
  const plan = usePushBackPlan(approval.run_id, { step, input, comment });
  const missing = isLoading
    ? "The run is loading"
    : step === ""
      ? "No earlier step has run"
      : input === ""
        ? inputs.length === 0
          ? "The skill has no input that takes a text"
          : "Say first which input takes the comment"
        : comment === ""
          ? "Say first what is to be different"
          : plan.error !== null
            ? "It cannot be pushed back so"
            : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing !== null || answer.isBusy || plan.current === null) return;
    const { plan_hash } = plan.current;
    answer.send({ decision: "push_back", step, input, comment, plan_hash }, onClose);
  };
  return (
    <Dialog
      isOpen
      title="Push this back"
      description="This run is canceled. A new run takes its place: it keeps what came before the chosen step and begins there again, with your comment as an input."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <label htmlFor={`${id}step`} className="flex flex-col gap-1">
          <span className="font-medium">Begin again at</span>
          <SelectField
            id={`${id}step`}
            value={step}
            onChange={(event) => setStep(event.target.value)}
          >
            {steps.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </SelectField>
        </label>
        <label htmlFor={`${id}input`} className="flex flex-col gap-1">
          <span className="font-medium">Hand the comment over as</span>
          <SelectField
            id={`${id}input`}
            value={input}
            onChange={(event) => setInput(event.target.value)}
          >
            {input === "" ? <option value="">Choose an input</option> : null}
            {inputs.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </SelectField>
        </label>
        <label htmlFor={id} className="flex flex-col gap-1">
          <span className="font-medium">Comment</span>
          <TextArea
            id={id}
            rows={3}
            maxLength={2_000}
            aria-required
            value={written}
            onChange={(event) => setComment(event.target.value)}
          />
        </label>
        {step === "" || input === "" ? null : <Consequence plan={plan} />}
        {plan.error === null ? null : <Problem error={plan.error} />}
        {answer.error === null ? null : <Problem error={answer.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep as it is</Button>
          <Button
            type="submit"
            look="primary"
            blockedBecause={
              answer.isBusy
                ? "The request is on its way"
                : (missing ?? (plan.current === null ? "The plan is being made" : null))
            }
          >
            Push back to {step}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The plan of what is written: null until it is there, while `shown` is still that of what was written before. */
function usePushBackPlan(
  runId: string,
  { step, input, comment }: { step: string; input: string; comment: string },
) {
  const settled = useSettled(comment, PAUSE_MS);
  const query = usePlan(
    runId,
    { ...parsePlanWish(new URLSearchParams({ step })), operation: "push_back" },
    { inputs: { [input]: settled }, vars: null },
    { isEnabled: step !== "" && input !== "" },
  );
  const isCurrent = settled === comment && !query.isFetching && !query.isPlaceholderData;
  return {
    shown: query.data ?? null,
    current: isCurrent ? (query.data ?? null) : null,
    error: isCurrent && query.error !== null ? toErrorView(query.error) : null,
  };
}

/** What the new run would reuse and do again. */
function Consequence({ plan: { shown, current } }: { plan: ReturnType<typeof usePushBackPlan> }) {
  const { reuse, run, ask, wait, blocked } = shown?.totals ?? {};
  const parts = [
    [reuse, "kept"],
    [run, "run again"],
    [ask, "asked again"],
    [wait, "waiting again"],
    [blocked, "blocked"],
  ].flatMap(([count, what]) =>
    typeof count === "number" && count > 0 ? [`${count} ${what}`] : [],
  );
  const why = shown?.rows.find(({ decision }) => decision === "blocked")?.reason;
  return (
    <p
      role="status"
      aria-busy={current === null}
      className="min-h-5 text-ink-soft aria-busy:opacity-60"
    >
      {shown === null ? "" : `Steps: ${parts.join(", ")}${why === undefined ? "" : ` (${why})`}.`}
    </p>
  );
}

/** The steps that have begun before the question, and the inputs that may hold a text. */
function usePlaces({ run_id: runId, skill_id: skillId, step_id: asking }: ApprovalDetail) {
  const trpc = useTRPC();
  const steps = useQuery(trpc.runs.steps.queryOptions({ run_id: runId }));
  const run = useQuery(trpc.runs.get.queryOptions({ run_id: runId }));
  const version = run.data?.skill_version;
  const skill = useQuery(
    trpc.skills.get.queryOptions(
      { id: skillId, ...(version === undefined ? {} : { version }) },
      { enabled: version !== undefined },
    ),
  );
  const begun = (steps.data?.items ?? []).filter(
    ({ step_id: id, occurrence, started_at: at }) =>
      id !== asking && occurrence === null && at !== null,
  );
  const inputs = Object.entries(skill.data?.inputs ?? {}).filter(
    ([, { type }]) => type === undefined || type === "string",
  );
  const names = inputs.map(([name]) => name);
  return {
    steps: begun.map(({ step_id: id }) => id),
    inputs: names,
    /** Those that the run was not given: a comment takes nothing's place there. */
    free: names.filter((name) => (run.data?.inputs[name] ?? null) === null),
    isLoading: steps.data === undefined || skill.data === undefined,
  };
}
