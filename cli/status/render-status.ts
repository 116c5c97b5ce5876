import type { z } from "zod";
import type { MeAnswer, StatsAnswer, WorkerListAnswer } from "../api/answers.ts";
import { ageOf } from "../runs/run-times.ts";
import { renderFacts } from "../terminal/render-facts.ts";
import { type Cell, type Column, renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";

export type StatusReport = {
  url: string;
  is_ready: boolean;
  checks: Record<string, string>;
  me: z.output<typeof MeAnswer>;
  /** Null where the key may not see it. */
  stats: z.output<typeof StatsAnswer> | null;
  workers: z.output<typeof WorkerListAnswer>["items"] | null;
};

const COLUMNS: readonly Column[] = [
  { title: "WORKER" },
  { title: "HOST", shrinksTo: 10, leaves: 1 },
  { title: "VERSION", leaves: 2 },
  { title: "RUNS", align: "right" },
  { title: "UP", align: "right" },
  { title: "" },
];

/** The state of a server for people. */
export function renderStatus(
  { url, is_ready: isReady, checks, me, stats, workers }: StatusReport,
  { out, now }: Pick<Terminal, "out" | "now">,
): string[] {
  const { paint } = out;
  const failing = Object.entries(checks).filter(([, state]) => state !== "ok");
  const byStatus = Object.entries(stats?.runs.by_status ?? {}).filter(([, count]) => count > 0);
  const at = now();
  const rows = (workers ?? []).map((worker): Cell[] => [
    worker.worker_id,
    worker.host,
    worker.version,
    `${worker.active_runs}/${worker.capacity}`,
    ageOf(worker.started_at, at),
    worker.is_alive ? { text: "alive", tone: "good" } : { text: "gone", tone: "bad" },
  ]);
  return [
    `${url}  ${isReady ? paint("good", "ready") : paint("bad", "not ready")}`,
    ...renderFacts(
      [
        ["Not ready", failing.map(([check, state]) => `${check}: ${state}`).join(", ")],
        ["You are", `${me.user.name} of ${me.tenant.name}`],
        [
          "Runs",
          stats === null
            ? null
            : byStatus.map(([status, count]) => `${count} ${status}`).join(", ") || "none yet",
        ],
      ],
      paint,
    ),
    ...(rows.length === 0
      ? []
      : ["", ...renderTable(COLUMNS, rows, { width: out.width(), paint })]),
  ];
}
