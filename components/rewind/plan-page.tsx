"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { CirclePlay } from "lucide-react";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { jsonEquals, type JsonObject } from "../../core/json.ts";
import type { ReplayPlanView } from "../../core/run-view.ts";
import { toErrorView, type ErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { ReasonDialog } from "../run-explorer/reason-dialog.tsx";
import { Button, buttonStyle } from "../ui/button.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Problem } from "../ui/problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { PlanEdits } from "./plan-edits.tsx";
import { PlanChoices } from "./plan-choices.tsx";
import { PlanCompatibility } from "./plan-compatibility.tsx";
import {
  fitLink,
  parsePlanWish,
  planHref,
  withEntry,
  type PlanEdits as PlanEditsState,
  type PlanWish,
} from "./plan-href.ts";
import { PlanTable } from "./plan-table.tsx";
import { planConsequence, planTotals } from "./plan-words.ts";
import { usePlan, wishInput } from "./use-plan.ts";

const NO_EDITS: PlanEditsState = { inputs: null, vars: null };
const TITLES = { replay: "Replay", fork: "Fork", resume: "Resume" } as const;

/** What a replay, fork or resume would do, before it is done; the button does exactly that. */
export function PlanPage({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const wish = parsePlanWish(useSearchParams());
  const [unlinked, setUnlinked] = useState<PlanEditsState | null>(null);
  // A resumed run goes on with what it has.
  const edits = wish.operation === "resume" ? NO_EDITS : (unlinked ?? wish);
  const me = useQuery(trpc.me.get.queryOptions());
  const plan = usePlan(runId, wish, edits);
  const onWish = (change: Partial<PlanWish>) =>
    router.replace(planHref(runId, { ...wish, ...change }), { scroll: false });
  const setEdits = (change: Partial<PlanEditsState>) => {
    const { inputs, vars } = { ...edits, ...change };
    const isLinked = fitLink({ inputs, vars });
    setUnlinked(isLinked ? null : { inputs, vars });
    onWish(isLinked ? { inputs, vars } : NO_EDITS);
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={`${TITLES[wish.operation]}${plan.data === undefined ? "" : ` ${plan.data.skill_id}@${plan.data.skill_version}`}`}
        actions={
          <RunPlan
            runId={runId}
            wish={wish}
            edits={edits}
            plan={plan.isPlaceholderData ? undefined : plan.data}
          />
        }
      >
        {placeOf(wish)}{" "}
        <Link className="mono text-accent hover:underline" href={`/runs/${runId}`}>
          {runId}
        </Link>
      </PageHeader>
      {plan.error !== null ? (
        <PlanProblem
          runId={runId}
          wish={wish}
          edits={edits}
          onEdit={setEdits}
          onReset={() => setUnlinked(null)}
          error={toErrorView(plan.error)}
          onRetry={() => void plan.refetch()}
        />
      ) : plan.data === undefined ? (
        <PlanSkeleton />
      ) : (
        <div
          aria-busy={plan.isPlaceholderData}
          className="flex min-h-0 flex-1 aria-busy:opacity-60 max-lg:flex-col max-lg:overflow-auto"
        >
          <section
            aria-label="What would happen"
            className="flex min-h-0 min-w-0 flex-1 flex-col max-lg:min-h-96"
          >
            <p role="status" className="border-b px-4 py-2.5 font-medium lg:px-6">
              {planTotals(plan.data)}
            </p>
            <PlanTable
              rows={plan.data.rows}
              roles={me.data === undefined ? null : me.data.role === null ? [] : [me.data.role]}
              onChoose={(stepId, policy) =>
                onWish({ overrides: withEntry(wish.overrides, stepId, policy) })
              }
            />
          </section>
          <aside
            aria-label="What differs"
            className="flex w-96 shrink-0 flex-col gap-4 overflow-auto border-l bg-surface p-4 max-lg:w-full max-lg:border-t max-lg:border-l-0"
          >
            <p className="text-ink-soft">
              {planConsequence(
                wish,
                plan.data.rows.some((row) => row.decision !== "reuse"),
              )}
            </p>
            <Operations runId={runId} wish={wish} />
            {wish.operation === "resume" ? null : (
              <>
                <PlanChoices plan={plan.data} wish={wish} onWish={onWish} />
                <PlanCompatibility
                  compatibility={plan.data.compatibility}
                  wish={wish}
                  onWish={onWish}
                />
                <PlanEdits
                  key={plan.data.skill_version}
                  title="Inputs"
                  values={plan.data.inputs}
                  isEdited={edits.inputs !== null}
                  onEdit={(inputs) =>
                    setEdits({ inputs: changedIn(inputs, edits, plan.data.inputs) })
                  }
                />
                <PlanEdits
                  title="Variables"
                  hint="They have these values from the chosen point on."
                  values={plan.data.vars}
                  isEdited={edits.vars !== null}
                  onEdit={(vars) => setEdits({ vars })}
                />
                {unlinked === null ? null : (
                  <p role="status" className="text-sm text-warn">
                    These changes are too large for the link: a reload forgets them.
                  </p>
                )}
              </>
            )}
          </aside>
        </div>
      )}
    </div>
  );
}

/** The inputs that are no longer what they were: the source's own need not stand in the link. */
function changedIn(inputs: JsonObject, { inputs: edited }: PlanEditsState, before: JsonObject) {
  const changed = Object.entries(inputs).filter(
    ([name, value]) =>
      (edited !== null && Object.hasOwn(edited, name)) || !jsonEquals(value, before[name] ?? null),
  );
  return Object.fromEntries(changed);
}

type PlanProblemProps = {
  runId: string;
  wish: PlanWish;
  edits: PlanEditsState;
  onEdit: (change: Partial<PlanEditsState>) => void;
  onReset: () => void;
  error: ErrorView;
  onRetry: () => void;
};

/** Why there is no plan; the inputs stay at hand, as one of them may be what is wrong. */
function PlanProblem({ runId, wish, edits, onEdit, onReset, error, onRetry }: PlanProblemProps) {
  const trpc = useTRPC();
  const run = useQuery(trpc.runs.get.queryOptions({ run_id: runId }));
  const { operation, step, checkpoint } = wish;
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <ErrorState error={error} onRetry={onRetry} />
      <div className="mx-auto flex w-full max-w-lg flex-col gap-4 px-6 pb-10">
        <Link
          className="text-accent hover:underline"
          href={planHref(runId, { operation, step, checkpoint })}
          onClick={onReset}
        >
          Plan without changes
        </Link>
        {run.data === undefined || operation === "resume" ? null : (
          <PlanEdits
            title="Inputs"
            values={{ ...run.data.inputs, ...edits.inputs }}
            isEdited={edits.inputs !== null}
            onEdit={(inputs) => onEdit({ inputs: changedIn(inputs, edits, run.data.inputs) })}
          />
        )}
      </div>
    </div>
  );
}

type RunPlanProps = {
  runId: string;
  wish: PlanWish;
  edits: PlanEditsState;
  plan: ReplayPlanView | undefined;
};

/** The button that carries the plan out, refused by the server where it is not this plan any more. */
function RunPlan({ runId, wish, edits, plan }: RunPlanProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const me = useQuery(trpc.me.get.queryOptions());
  const onSuccess = ({ run }: { run: { run_id: string } }) => router.push(`/runs/${run.run_id}`);
  const replay = useMutation(trpc.runs.replay.mutationOptions({ onSuccess }));
  const fork = useMutation(trpc.runs.fork.mutationOptions({ onSuccess }));
  const resume = useMutation(trpc.runs.resume.mutationOptions({ onSuccess }));
  const mutation = { replay, fork, resume }[wish.operation];
  const permission = wish.operation === "resume" ? "run:resume" : "run:replay";
  const isAllowed = me.data?.permissions.includes(permission) ?? true;
  const [isAsking, setIsAsking] = useState(false);
  const send = () => {
    if (plan === undefined) return;
    const input = { ...wishInput(runId, wish, edits), plan_hash: plan.plan_hash };
    if (wish.operation === "resume") setIsAsking(true);
    else if (wish.operation === "fork") fork.mutate(input);
    else replay.mutate(input);
  };
  return (
    <div className="flex flex-wrap items-center justify-end gap-2">
      {isAsking ? (
        <ReasonDialog
          title="Resume this run"
          consequence="A canceled run is resumed for a reason only; it is kept in the run's history."
          verb="Resume run"
          isDangerous={false}
          isBusy={resume.isPending}
          error={resume.error === null ? null : toErrorView(resume.error)}
          onSend={(reason) =>
            resume.mutate({
              run_id: runId,
              overrides: { ...wish.overrides },
              ...(plan === undefined ? {} : { plan_hash: plan.plan_hash }),
              ...(reason === "" ? {} : { reason }),
            })
          }
          onClose={() => setIsAsking(false)}
        />
      ) : null}
      {mutation.error === null || isAsking ? null : (
        <div role="alert" className="max-w-md">
          <Problem error={toErrorView(mutation.error)} />
        </div>
      )}
      <Link href={`/runs/${runId}`} className={buttonStyle()}>
        Back to the run
      </Link>
      <Button
        look="primary"
        blockedBecause={
          isAllowed
            ? plan === undefined || mutation.isPending
              ? "The plan is being made"
              : null
            : `Your role ${me.data?.role ?? ""} does not include ${permission}`
        }
        onClick={send}
      >
        <CirclePlay aria-hidden /> Run this plan
      </Button>
    </div>
  );
}

/** The other things that could be planned from the same place. */
function Operations({ runId, wish }: { runId: string; wish: PlanWish }) {
  const trpc = useTRPC();
  const run = useQuery(trpc.runs.get.queryOptions({ run_id: runId }));
  const status = run.data?.status;
  const mayResume = status === "paused" || status === "failed" || status === "canceled";
  const others = (["replay", "fork", "resume"] as const).filter(
    (each) => each !== wish.operation && (each !== "resume" || mayResume),
  );
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1">
      {others.map((operation) => (
        <Link
          key={operation}
          className="text-accent hover:underline"
          href={planHref(
            runId,
            operation === "resume" || wish.operation === "resume"
              ? { operation }
              : { ...wish, operation },
          )}
        >
          Plan a {operation} instead
        </Link>
      ))}
    </p>
  );
}

function placeOf({ operation, step, checkpoint }: PlanWish): string {
  if (operation === "resume") return "Where it stopped:";
  if (step !== null) return `From step ${step} of`;
  if (checkpoint !== null) return `From checkpoint ${checkpoint} of`;
  return "From the step that failed, or the beginning, of";
}

function PlanSkeleton() {
  return (
    <div role="status" aria-label="The plan is loading" className="flex flex-col gap-4 p-4 lg:px-6">
      {Array.from({ length: 8 }, (_, index) => (
        <Skeleton key={index} className="h-6 w-full" />
      ))}
    </div>
  );
}
