"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Problem } from "../ui/problem.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";

/** Notices that nobody took, with why, and the way to send them again. Nothing where all were taken. */
export function DeadNotices() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const dead = useQuery(trpc.notices.list.queryOptions({ status: "dead", limit: 100 }));
  const redeliver = useMutation(
    trpc.notices.redeliver.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.notices.pathKey() }),
    }),
  );
  const items = dead.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section aria-label="Not delivered" className="flex flex-col gap-2">
      <h2 className="font-medium">Not delivered</h2>
      {redeliver.error === null ? null : <Problem error={toErrorView(redeliver.error)} />}
      <ul className="divide-y rounded-lg border bg-surface">
        {items.map((delivery) => (
          <li
            key={delivery.delivery_id}
            className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2"
          >
            <span className="min-w-0 flex-1 basis-48">
              <Link
                className="mono block truncate text-accent hover:underline"
                href={`/approvals?tab=pending&id=${encodeURIComponent(delivery.approval_id)}`}
              >
                {delivery.type}
              </Link>
              <span className="block break-words text-ink-muted">
                {delivery.last_error} Given up after {delivery.attempts}{" "}
                {delivery.attempts === 1 ? "attempt" : "attempts"}.
              </span>
            </span>
            <span className="text-ink-muted">
              <RelativeTime at={delivery.created_at} />
            </span>
            <Button
              size="small"
              blockedBecause={redeliver.isPending ? "The request is on its way" : null}
              onClick={() => redeliver.mutate({ delivery_id: delivery.delivery_id })}
            >
              Send again
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
