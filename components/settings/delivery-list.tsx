"use client";

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { BellRing } from "lucide-react";
import { useId } from "react";
import { DELIVERY_STATUSES, type DeliveryStatus } from "../../core/notice.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Problem } from "../ui/problem.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { DeliveryRow } from "./delivery-row.tsx";
import type { Channel } from "./notice-channel-row.tsx";
import { DELIVERY_STYLE } from "./notice-words.ts";
import { useDeliveryStatus } from "./use-delivery-status.ts";

const PAGE = 25;
/** Beyond this many pages the list stands still; reading far back is not the time to have it move. */
const MOST_PAGES_REFRESHED = 2;

/** What was sent lately, newest first, what became of it, and the way to send again what nobody took. */
export function DeliveryList({ channels }: { channels: readonly Channel[] }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { status, setStatus } = useDeliveryStatus();
  const id = useId();
  const query = useInfiniteQuery(
    trpc.notices.list.infiniteQueryOptions(
      { limit: PAGE, ...(status === null ? {} : { status }) },
      {
        getNextPageParam: (page) => page.next_cursor,
        refetchInterval: (state) =>
          (state.state.data?.pages.length ?? 0) <= MOST_PAGES_REFRESHED ? 3_000 : false,
      },
    ),
  );
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: trpc.notices.pathKey() });
  const again = useMutation(trpc.notices.redeliver.mutationOptions({ onSuccess }));
  const allAgain = useMutation(trpc.notices.redeliverDead.mutationOptions({ onSuccess }));
  const failure = again.error ?? allAgain.error;
  const isBusy = again.isPending || allAgain.isPending;
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  // Nobody was to be told: there is nothing that a list could say.
  if (channels.length === 0 && status === null && items.length === 0) return null;
  return (
    <section aria-labelledby={`${id}title`} className="mt-2 flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 id={`${id}title`} className="flex-1 font-medium">
          Deliveries
        </h2>
        {status === "dead" && items.length > 0 ? (
          <Button
            size="small"
            blockedBecause={isBusy ? "The request is on its way" : null}
            onClick={() => allAgain.mutate({})}
          >
            Send all again
          </Button>
        ) : null}
        <SelectField
          aria-label="Which deliveries"
          className="w-44"
          value={status ?? ""}
          onChange={({ target }) =>
            setStatus(DELIVERY_STATUSES.find((known) => known === target.value) ?? null)
          }
        >
          <option value="">All</option>
          {DELIVERY_STATUSES.map((known) => (
            <option key={known} value={known}>
              {DELIVERY_STYLE[known].label}
            </option>
          ))}
        </SelectField>
      </div>
      {failure === null ? null : <Problem error={toErrorView(failure)} />}
      {query.error !== null && query.data === undefined ? (
        <ErrorState error={toErrorView(query.error)} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Skeleton className="h-24 w-full" />
      ) : items.length === 0 ? (
        <NoDeliveries status={status} onClear={() => setStatus(null)} />
      ) : (
        <ul aria-labelledby={`${id}title`} className="divide-y rounded-lg border bg-surface">
          {items.map((delivery) => (
            <DeliveryRow
              key={delivery.delivery_id}
              delivery={delivery}
              channel={channels.find(({ channel_id: known }) => known === delivery.channel_id)}
              isBusy={isBusy}
              onSendAgain={() => again.mutate({ delivery_id: delivery.delivery_id })}
            />
          ))}
        </ul>
      )}
      {query.hasNextPage ? (
        <Button
          className="self-center"
          blockedBecause={query.isFetchingNextPage ? "They are on their way" : null}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </section>
  );
}

const NONE: Record<DeliveryStatus, string> = {
  pending: "Nothing is on its way",
  delivered: "Nothing was delivered yet",
  dead: "Nothing was given up",
};

function NoDeliveries({ status, onClear }: { status: DeliveryStatus | null; onClear: () => void }) {
  if (status === null)
    return (
      <EmptyState icon={BellRing} title="Nothing was sent yet">
        The next approval that somebody is asked for shows up here.
      </EmptyState>
    );
  return (
    <EmptyState icon={BellRing} title={NONE[status]}>
      <Button onClick={onClear}>Show all</Button>
    </EmptyState>
  );
}
