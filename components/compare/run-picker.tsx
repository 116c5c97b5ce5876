"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { Problem } from "../ui/problem.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

type RunPickerProps = {
  /** Offered before anything is searched for; null offers the newest runs of all skills. */
  skillId: string | null;
  /** A run that is not offered. */
  without: string | null;
  hrefOf: (runId: string) => string;
  onPick?: () => void;
};

/** Finds a run by its id, skill or attributes; each one found is a link. */
export function RunPicker({ skillId, without, hrefOf, onPick }: RunPickerProps) {
  const [q, setQ] = useState("");
  const trpc = useTRPC();
  const filter = q !== "" ? { q } : skillId === null ? {} : { skill: skillId };
  const runs = useQuery(
    trpc.runs.list.queryOptions({ ...filter, limit: 21 }, { placeholderData: keepPreviousData }),
  );
  const found = runs.data?.items.filter((run) => run.run_id !== without).slice(0, 20);
  return (
    <div className="flex flex-col gap-3">
      <SearchField
        label="Find a run by id, skill or attribute"
        placeholder="Run id, skill or attribute"
        value={q}
        onSearch={(text) => setQ(text.trim())}
      />
      {runs.error !== null && runs.data === undefined ? (
        <Problem error={toErrorView(runs.error)} />
      ) : found === undefined ? (
        <Skeleton className="h-40 w-full" />
      ) : found.length === 0 ? (
        <p role="status" className="py-4 text-center text-ink-muted">
          {q === "" ? noneOffered(skillId) : `No run matches “${q}”.`}
        </p>
      ) : (
        <ul
          aria-label={q === "" ? "Recent runs" : "Runs found"}
          className="divide-y overflow-hidden rounded-lg border bg-surface"
        >
          {found.map((run) => (
            <li key={run.run_id}>
              <Link
                href={hrefOf(run.run_id)}
                {...(onPick === undefined ? {} : { onClick: onPick })}
                className="flex flex-col gap-0.5 px-3 py-1.5 -outline-offset-2 hover:bg-hover"
              >
                <span className="flex items-center gap-2">
                  <span className="min-w-0 flex-1 truncate">
                    {run.skill_id}
                    <span className="text-ink-muted">@{run.skill_version}</span>
                  </span>
                  <StatusBadge status={run.status} />
                </span>
                <span className="flex items-center gap-2 text-ink-muted">
                  <span className="mono min-w-0 flex-1 truncate">{run.run_id}</span>
                  <RelativeTime at={run.created_at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function noneOffered(skillId: string | null): string {
  return skillId === null
    ? "No run has been started yet."
    : "This skill has no other run yet. Search for a run of another one.";
}
