"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { CirclePlay } from "lucide-react";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import type { JsonObject } from "../../core/json.ts";
import type { ReplayPlanView } from "../../core/run-view.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { ReasonDialog } from "../run-explorer/reason-dialog.tsx";
import { Button, buttonStyle } from "../ui/button.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Problem } from "../ui/problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { PlanEdits } from "./plan-edits.tsx";
import { parsePlanWish, planHref, type PlanWish } from "./plan-href.ts";
import { PlanTable } from "./plan-table.tsx";
import { planConsequence, planTotals } from "./plan-words.ts";
import { usePlan, wishInput } from "./use-plan.ts";

const TITLES = { replay: "Replay", fork: "Fork", resume: "Resume" } as const;

/** What a replay, fork or resume would do, before it is done; the button does exactly that. */
export function PlanPage({ runId }: { runId: string }) {
  const wish = parsePlanWish(useSearchParams());
  const [inputs, setInputs] = useState<JsonObject | null>(null);
  const plan = usePlan(runId, wish, inputs);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHeader
        title={`${TITLES[wish.operation]}${plan.data === undefined ? "" : ` ${plan.data.skill_id}@${plan.data.skill_version}`}`}
        actions={
          <RunPlan
            runId={runId}
            wish={wish}
            inputs={inputs}
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
        <ErrorState error={toErrorView(plan.error)} onRetry={() => void plan.refetch()} />
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
            <PlanTable rows={plan.data.rows} />
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
            <Compatibility plan={plan.data} />
            {wish.operation === "resume" ? null : (
              <PlanEdits inputs={plan.data.inputs} isEdited={inputs !== null} onEdit={setInputs} />
            )}
          </aside>
        </div>
      )}
    </div>
  );
}

type RunPlanProps = {
  runId: string;
  wish: PlanWish;
  inputs: JsonObject | null;
  plan: ReplayPlanView | undefined;
};

/** The button that carries the plan out, refused by the server where it is not this plan any more. */
function RunPlan({ runId, wish, inputs, plan }: RunPlanProps) {
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
    const input = { ...wishInput(runId, wish, inputs), plan_hash: plan.plan_hash };
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
            resume.mutate({ run_id: runId, ...(reason === "" ? {} : { reason }) })
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
          href={planHref(runId, operation === "resume" ? { operation } : { ...wish, operation })}
        >
          Plan a {operation} instead
        </Link>
      ))}
    </p>
  );
}

function Compatibility({ plan }: { plan: ReplayPlanView }) {
  const { removed, added } = plan.compatibility;
  if (removed.length + added.length === 0) return null;
  return (
    <section aria-label="Compatibility" className="flex flex-col gap-1">
      <h2 className="font-medium">Another version</h2>
      <Steps title="Not in this version any more" names={removed} />
      <Steps title="Never recorded" names={added} />
    </section>
  );
}

function Steps({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <p>
      {title}: <span className="mono break-all">{names.join(", ")}</span>
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
