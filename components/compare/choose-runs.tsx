"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { CommandLine } from "../ui/command-line.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { compareHref } from "./compare-href.ts";
import { NoSuchRun } from "./no-such-run.tsx";
import { RunPicker } from "./run-picker.tsx";

/** What the page shows while one or both runs are missing: how to choose, and runs to choose from. */
export function ChooseRuns({ a, b }: { a: string | null; b: string | null }) {
  const known = a ?? b;
  const trpc = useTRPC();
  const run = useQuery(
    trpc.runs.get.queryOptions({ run_id: known ?? "" }, { enabled: known !== null }),
  );
  if (known !== null && run.error !== null) {
    const error = toErrorView(run.error);
    if (error.code === "run_not_found" || error.code === "invalid_request")
      return <NoSuchRun ids={[known]} />;
    return <ErrorState error={error} onRetry={() => void run.refetch()} />;
  }
  return (
    <>
      <PageHeader title="Compare runs">
        {known === null
          ? "Choose the first of two runs. What they did is compared step by step."
          : "Choose the other run. Runs of other skills and versions can be compared too."}
      </PageHeader>
      <div className="mx-auto flex w-full max-w-xl flex-col gap-4 p-4 lg:p-6">
        {known === null ? null : (
          <p className="min-w-0">
            <span className="text-ink-muted">{a === null ? "B is " : "A is "}</span>
            <Link className="mono text-accent hover:underline" href={`/runs/${known}`}>
              {known}
            </Link>
            {run.data === undefined ? null : ` of ${run.data.skill_id}`}
          </p>
        )}
        {known !== null && run.data === undefined ? null : (
          <RunPicker
            skillId={run.data?.skill_id ?? null}
            without={known}
            hrefOf={(id) => compareHref({ a: a ?? id, b: a === null ? b : id, step: null })}
          />
        )}
        <div className="flex flex-col gap-2 text-ink-muted">
          <p>
            A run's own page has the same under <em>Compare with…</em>, and so does the terminal:
          </p>
          <CommandLine command={`orca diff ${known ?? "<run>"} <other>`} />
        </div>
      </div>
    </>
  );
}
