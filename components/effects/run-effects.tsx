"use client";

import { useQuery } from "@tanstack/react-query";
import { ReceiptText } from "lucide-react";
import Link from "next/link";
import { useEffect, useMemo } from "react";
import type { EffectView } from "../../core/effect-view.ts";
import { type EventEnvelope, stepKeyOfPayload } from "../../core/run-events.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { jsonText } from "../json-viewer/json-text.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { listStepEffects } from "./list-step-effects.ts";

type RunEffectsProps = {
  runId: string;
  events: readonly EventEnvelope[];
  /** Only of this step or occurrence; null for all of the run. */
  stepKey: string | null;
};

/** What a run, or one step of it, did outside; follows the run's events. */
export function RunEffects({ runId, events, stepKey }: RunEffectsProps) {
  const trpc = useTRPC();
  const told = useMemo(
    () =>
      events.filter(
        ({ event_type: type }) => type.startsWith("side_effect.") || type === "step.compensated",
      ),
    [events],
  );
  const query = useQuery(trpc.effects.ofRun.queryOptions({ run_id: runId }));
  const { refetch } = query;
  // Outside system: the server, which is asked again whenever the history tells something new of effects.
  useEffect(() => {
    if (told.length > 0) void refetch();
  }, [told.length, refetch]);
  if (query.error !== null && query.data === undefined)
    return <ErrorState error={toErrorView(query.error)} onRetry={() => void query.refetch()} />;
  if (query.data === undefined)
    return (
      <div role="status" aria-label="Effects are loading" className="flex flex-col gap-3 p-4">
        <Skeleton className="h-14 w-full" />
        <Skeleton className="h-14 w-full" />
      </div>
    );
  const { effects, reused } = listStepEffects(query.data.items, told, stepKey);
  if (effects.length === 0 && reused.length === 0)
    return (
      <EmptyState
        icon={ReceiptText}
        title={
          stepKey === null ? "This run has done nothing outside" : "This step did nothing outside"
        }
      >
        Calls of capabilities that write or act outside are listed here.
      </EmptyState>
    );
  return (
    <ul
      aria-label="Effects"
      tabIndex={0}
      className="flex min-h-0 flex-1 flex-col divide-y overflow-auto -outline-offset-2"
    >
      {effects.map((effect) => (
        <EffectItem key={effect.effect_id} effect={effect} isOfRun={stepKey === null} />
      ))}
      {reused.map(({ event_id: id, payload }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
          <StatusBadge status="reused" />
          <span className="min-w-0 flex-1 truncate">
            {stepKey === null ? stepKeyOfPayload(payload) : "Not called again"}
          </span>
          <EffectLink id={jsonText(payload["source_effect_id"])} />
        </li>
      ))}
    </ul>
  );
}

function EffectItem({ effect, isOfRun }: { effect: EffectView; isOfRun: boolean }) {
  const { occurrence, provider_receipt: receipt } = effect;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
      <StatusBadge status={effect.status} />
      <span className="min-w-0 flex-1 truncate" title={effect.capability_id}>
        {effect.capability_id}
      </span>
      <span className="text-ink-muted">
        <RelativeTime at={effect.created_at} />
      </span>
      <span className="flex basis-full flex-wrap items-center gap-x-3 text-ink-soft">
        {isOfRun ? (
          <span className="mono">
            {effect.step_path}
            {occurrence === "" ? "" : `#${occurrence}`}
          </span>
        ) : null}
        {effect.compensates_effect_id === null ? null : <span>undoes an effect</span>}
        {effect.attempts > 1 ? <span>{effect.attempts} attempts</span> : null}
        {receipt === null ? null : (
          <span className="flex min-w-0 items-center gap-1">
            <span className="mono truncate" title={`Receipt ${receipt}`}>
              {receipt}
            </span>
            <CopyButton text={receipt} label="Copy receipt" className="size-5" />
          </span>
        )}
        <EffectLink id={effect.effect_id} />
      </span>
    </li>
  );
}

function EffectLink({ id }: { id: string }) {
  return (
    <Link
      className="mono min-w-0 truncate text-accent hover:underline"
      href={`/effects?run=run_${id.split("_")[1] ?? ""}&effect=${id}`}
    >
      {id}
    </Link>
  );
}
