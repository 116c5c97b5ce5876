"use client";

import { useQuery } from "@tanstack/react-query";
import { Braces, X } from "lucide-react";
import { useState } from "react";
import type { EffectDetail } from "../../core/effect-view.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { JsonViewer } from "../json-viewer/json-viewer.tsx";
import { StatusBadge } from "../runs/status-badge.tsx";
import { Button } from "../ui/button.tsx";
import { CommandLine } from "../ui/command-line.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { TabBar } from "../ui/tab-bar.tsx";
import { EffectFacts } from "./effect-facts.tsx";
import { UnknownOutcome } from "./unknown-outcome.tsx";

/** One effect: what it is, what was asked, what came back. */
export function EffectPanel({ effectId, onClose }: { effectId: string; onClose: () => void }) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.effects.get.queryOptions(
      { effect_id: effectId },
      // Until its answer is there.
      {
        refetchInterval: ({ state }) => (state.data?.effect.status === "attempted" ? 2_000 : false),
      },
    ),
  );
  const { data } = query;
  return (
    <section
      aria-label="Effect"
      aria-busy={query.isPending}
      className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface"
    >
      <div className="flex h-11 shrink-0 items-center gap-2 pr-2 pl-4">
        {data === undefined ? null : <StatusBadge status={data.effect.status} />}
        <h2 className="mono min-w-0 truncate" title={effectId}>
          {effectId}
        </h2>
        <CopyButton text={effectId} label="Copy effect id" />
        <Button
          look="quiet"
          size="iconSmall"
          className="ml-auto"
          aria-label="Close the effect"
          title="Close the effect"
          onClick={onClose}
        >
          <X aria-hidden />
        </Button>
      </div>
      {query.error !== null && data === undefined ? (
        <ErrorState error={toErrorView(query.error)} onRetry={() => void query.refetch()} />
      ) : data === undefined ? (
        <div className="flex flex-col gap-3 p-4">
          {Array.from({ length: 8 }, (_, index) => (
            <Skeleton key={index} className="h-4 w-full max-w-96" />
          ))}
        </div>
      ) : (
        <Detail detail={data} />
      )}
    </section>
  );
}

type Tab = "overview" | "request" | "result";
const TABS: readonly { value: Tab; label: string }[] = [
  { value: "overview", label: "Overview" },
  { value: "request", label: "Request" },
  { value: "result", label: "Result" },
];

function Detail({ detail }: { detail: EffectDetail }) {
  const [tab, setTab] = useState<Tab>("overview");
  const { effect, request, result, redacted_values: redacted } = detail;
  return (
    <TabBar label="What to see of the effect" tabs={TABS} value={tab} onChange={setTab}>
      {redacted > 0 && tab !== "overview" ? (
        <p className="border-b px-4 py-1.5 text-sm text-ink-muted">
          Secrets are shown as <code className="mono">[redacted]</code>.
        </p>
      ) : null}
      {tab === "request" ? (
        request === null ? (
          <EmptyState icon={Braces} title="The run's history holds no request of this effect" />
        ) : (
          <JsonViewer value={request} label="the request" />
        )
      ) : tab === "result" ? (
        result === null ? (
          <EmptyState icon={Braces} title={NO_RESULT[effect.status] ?? "There is no result"} />
        ) : (
          <JsonViewer value={result} label="the result" />
        )
      ) : (
        <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-auto p-4">
          {effect.status === "in_doubt" ? <UnknownOutcome detail={detail} /> : null}
          <EffectFacts detail={detail} />
          <CommandLine command={`orca effects get ${effect.effect_id}`} />
        </div>
      )}
    </TabBar>
  );
}

const NO_RESULT: Readonly<Record<string, string>> = {
  attempted: "The answer has not come yet",
  failed: "The call failed, so there is no result",
  in_doubt: "No answer came back, so there is no result",
};
