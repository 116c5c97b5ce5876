import Link from "next/link";
import type { RunSummary } from "../../core/run-view.ts";
import { LiveDuration } from "../ui/live-duration.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "./status-badge.tsx";

/** A few runs, for pages whose subject is something else. */
export function RecentRuns({ runs }: { runs: readonly RunSummary[] }) {
  return (
    <ul aria-label="Recent runs" className="divide-y overflow-hidden rounded-lg border bg-surface">
      {runs.map((run) => (
        <li key={run.run_id}>
          <Link
            href={`/runs/${run.run_id}`}
            className="flex min-h-10 flex-wrap items-center justify-end gap-x-4 px-3 py-1 -outline-offset-2 hover:bg-hover"
          >
            <span className="w-32 shrink-0">
              <StatusBadge status={run.status} />
            </span>
            <span className="min-w-0 flex-1 basis-40 truncate">
              {run.skill_id}
              <span className="text-ink-muted">@{run.skill_version}</span>
            </span>
            <span className="w-20 truncate text-right text-ink-muted max-sm:hidden">
              {run.environment}
            </span>
            <span className="w-24 text-right text-ink-muted">
              {run.started_at === null ? (
                "–"
              ) : (
                <LiveDuration from={run.started_at} to={run.finished_at} />
              )}
            </span>
            <span className="w-24 text-right text-ink-muted">
              <RelativeTime at={run.created_at} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
