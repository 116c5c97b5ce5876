"use client";

import { CircleCheck, ReceiptText, SearchX } from "lucide-react";
import { useRouter } from "next/navigation";
import { useCallback, useMemo, useRef } from "react";
import { toErrorView } from "../api/error-view.ts";
import { usePageKeys } from "../shell/page-keys.tsx";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { SplitPane } from "../ui/split-pane.tsx";
import { TabBar } from "../ui/tab-bar.tsx";
import { useMediaQuery } from "../ui/use-media-query.ts";
import { useNow } from "../ui/use-now.ts";
import { EVERY_EFFECT, formatEffectFilter, isEveryEffect, isWorklist } from "./effect-filter.ts";
import { EffectFilterBar } from "./effect-filter-bar.tsx";
import { EffectList } from "./effect-list.tsx";
import { EffectPanel } from "./effect-panel.tsx";
import { useEffectFilter } from "./use-effect-filter.ts";
import { useEffects, useUnknownCount } from "./use-effects.ts";

/** The side-effect ledger: what runs did outside, newest first, and the effects of which nobody knows the outcome. */
export function EffectsPage() {
  const { filter, effectId, change } = useEffectFilter();
  const query = useEffects(filter);
  const unknown = useUnknownCount();
  const effects = useMemo(
    () => query.data?.pages.flatMap((page) => page.items) ?? [],
    [query.data],
  );
  const searchField = useRef<HTMLInputElement>(null);
  const router = useRouter();
  const isWide = useMediaQuery("(min-width: 1024px)") ?? true;
  const chosen = effects.findIndex((effect) => effect.effect_id === effectId);

  const choose = (id: string | null) =>
    change({ effectId: id }, effectId === null ? "push" : "replace");
  const move = (step: number) => {
    const next = effects[Math.min(effects.length - 1, Math.max(0, chosen + step))];
    if (next !== undefined) choose(next.effect_id);
  };
  usePageKeys([
    { key: "j", label: "Next effect", run: () => move(1) },
    { key: "k", label: "Previous effect", run: () => move(-1) },
    {
      key: "Enter",
      label: "Open the run of the effect",
      run: () => {
        const effect = effects[chosen];
        if (effect !== undefined) router.push(`/runs/${effect.run_id}?step=&tab=effects`);
      },
    },
    { key: "Escape", label: "Close the effect", run: () => change({ effectId: null }) },
    { key: "f", label: "Search and filter", run: () => searchField.current?.focus() },
  ]);

  const { fetchNextPage, isFetchingNextPage } = query;
  const onNearEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);

  const list =
    query.error !== null && query.data === undefined ? (
      <ErrorState error={toErrorView(query.error)} onRetry={() => void query.refetch()} />
    ) : query.data === undefined ? (
      <LoadingRows />
    ) : effects.length > 0 ? (
      <EffectList
        effects={effects}
        chosenId={effectId}
        onNearEnd={query.hasNextPage ? onNearEnd : null}
        onChoose={choose}
      />
    ) : (
      <Nothing filter={filter} onClear={() => change(EVERY_EFFECT)} />
    );
  const panel =
    effectId === null ? null : (
      <EffectPanel key={effectId} effectId={effectId} onClose={() => change({ effectId: null })} />
    );

  return (
    <>
      <PageHeader title="Effects">
        What runs did outside, each call recorded before it was made
        <Lag asOf={query.data?.pages[0]?.as_of ?? null} />
      </PageHeader>
      <TabBar
        label="Which effects"
        place="page"
        tabs={[
          { value: "all", label: "All" },
          {
            value: "unknown",
            label: (
              <>
                Unknown outcome{" "}
                {unknown === null ? null : <span className="text-waiting">{unknown}</span>}
              </>
            ),
          },
        ]}
        value={isWorklist(filter) ? "unknown" : "all"}
        onChange={(tab) =>
          change({ status: tab === "unknown" ? ["in_doubt"] : [], effectId: null })
        }
      >
        <EffectFilterBar filter={filter} onChange={change} searchField={searchField} />
        {panel === null ? (
          <div className="flex min-h-0 flex-1 flex-col">{list}</div>
        ) : isWide ? (
          <SplitPane
            name="effects.columns"
            direction="row"
            initialShare={0.6}
            label="Width of the list"
            first={<div className="flex min-h-0 min-w-0 flex-1 flex-col">{list}</div>}
            second={panel}
          />
        ) : (
          panel
        )}
      </TabBar>
    </>
  );
}

/** Later than usual: the search follows the ledger within seconds. */
const LATE_MS = 30_000;

function Lag({ asOf }: { asOf: string | null }) {
  const now = useNow();
  if (asOf === null || now - Date.parse(asOf) < LATE_MS) return null;
  return (
    <span className="text-waiting">
      {" "}
      · the search is behind: complete up to <RelativeTime at={asOf} />
    </span>
  );
}

function Nothing({
  filter,
  onClear,
}: {
  filter: Parameters<typeof formatEffectFilter>[0];
  onClear: () => void;
}) {
  if (formatEffectFilter(filter) === "status=in_doubt")
    return (
      <EmptyState icon={CircleCheck} title="The outcome of every effect is known">
        An effect stands here when its call was sent and no answer came back. Services that honour a
        key can be declared so in the binding (<code className="mono">provider_idempotency</code>);
        their calls are then simply sent again.
      </EmptyState>
    );
  if (isEveryEffect(filter))
    return (
      <EmptyState
        icon={ReceiptText}
        title="No run has done anything outside yet"
        command="orca run <skill> --input @input.json --watch"
      >
        Calls that write or act outside are recorded here, each before it is made. Run a skill that
        sends, stores or orders something:
      </EmptyState>
    );
  return (
    <EmptyState icon={SearchX} title="No effect matches these filters">
      <p>Values and words match as a whole: part of a word finds nothing.</p>
      <Button className="mt-3" onClick={onClear}>
        Clear all filters
      </Button>
    </EmptyState>
  );
}

function LoadingRows() {
  return (
    <div aria-busy="true" aria-label="Effects are loading" role="status" className="mt-8">
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} className="flex h-9 items-center gap-4 border-b px-4 lg:px-6">
          <Skeleton className="h-5 w-20" />
          <Skeleton className="h-4 w-64" />
          <Skeleton className="h-4 w-40 max-md:hidden" />
          <Skeleton className="ml-auto h-4 w-16" />
        </div>
      ))}
    </div>
  );
}
