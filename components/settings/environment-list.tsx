"use client";

import { useQuery } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import Link from "next/link";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** The environments in which skills run, and how far their calls may reach. */
export function EnvironmentList() {
  const trpc = useTRPC();
  const query = useQuery(trpc.environments.list.queryOptions());
  if (query.error !== null && query.data === undefined)
    return <ErrorState error={toErrorView(query.error)} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton className="h-24 w-full" />;
  if (query.data.items.length === 0)
    return <EmptyState icon={Layers} title="This tenant has no environment" />;
  return (
    <ul aria-label="Environments" className="divide-y rounded-lg border bg-surface">
      {query.data.items.map((environment) => (
        <li
          key={environment.name}
          className="grid gap-x-4 px-3 py-2 lg:grid-cols-[10rem_22rem_minmax(0,1fr)]"
        >
          <Link
            href={`/runs?environment=${encodeURIComponent(environment.name)}`}
            className="justify-self-start font-medium break-words text-accent hover:underline"
          >
            {environment.name}
          </Link>
          <span className="text-ink-muted">
            {environment.allow_private_network
              ? "Calls may reach private and loopback addresses"
              : "Calls reach public addresses only"}
          </span>
          <span className="text-ink-muted">
            Runs are trusted up to {environment.trust_ceiling}, with data up to{" "}
            {environment.max_data_classification}
          </span>
        </li>
      ))}
    </ul>
  );
}
