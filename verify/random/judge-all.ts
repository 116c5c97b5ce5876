import { z } from "zod";
import { RUN_STATUSES } from "../../core/run.ts";
import type { ExactlyOnceReport } from "./exactly-once-report.ts";
import { findDoers } from "./find-doers.ts";
import { judgeRun } from "./judge-run.ts";
import { partsOf } from "./random-skills.ts";
import type { RandomWorld } from "./random-world.ts";
import type { StartedRun } from "./run-randomly.ts";

const RunsSchema = z.array(
  z.object({
    run_id: z.string(),
    status: z.enum(RUN_STATUSES),
    parent_run_id: z.string().nullable(),
    error: z.looseObject({ code: z.string() }).nullable(),
  }),
);

/** What a provider that refuses, fails or stays silent does to a run whose retries are used up, and a doubt. */
const EXPLAINED = [
  "effect_in_doubt",
  "unavailable",
  "upstream_failure",
  "upstream_timeout",
  "step_timeout",
];

type Findings = Pick<
  ExactlyOnceReport,
  "runs" | "effects" | "provider" | "in_doubt" | "violations"
>;

/** Compares all that the ledger says with all that the provider's log says. To be called when nothing runs any more. */
export async function judgeAll(
  { api, provider, database }: RandomWorld,
  started: readonly StartedRun[],
): Promise<Findings> {
  const { rows } = await database.pool.query(
    "SELECT run_id, status, parent_run_id, error FROM runs ORDER BY created_at",
  );
  const runs = RunsSchema.parse(rows);
  const acts = provider.countActs();
  const findings: Findings = {
    runs: { started: started.length, nested: 0, completed: 0, failed: {}, waiting_for_human: 0 },
    effects: { total: 0, by_status: {} },
    provider: {
      requests: [...provider.requests.values()].reduce((sum, count) => sum + count, 0),
      acts: [...acts.values()].reduce((sum, count) => sum + count, 0),
      repeated: [...acts].filter(([, count]) => count > 1).map(([title]) => title),
      lost: [],
    },
    in_doubt: [],
    violations: [],
  };
  const doers = await findDoers(database);
  for (const { run_id: runId, status, parent_run_id: parent, error } of runs) {
    const { effects, doubts, violations } = await judgeRun(api, runId, provider, acts, doers);
    findings.violations.push(...violations);
    findings.in_doubt.push(...doubts);
    for (const [each, count] of Object.entries(effects)) {
      findings.effects.total += count;
      findings.effects.by_status[each] = (findings.effects.by_status[each] ?? 0) + count;
    }
    const isAround = status === "running" && waitsInside(runs, runId);
    const seen = isAround ? "waiting_for_human" : status;
    countRun(findings, { runId, status: seen, parent, code: error?.code ?? null });
  }
  judgePlaces(
    findings,
    started,
    acts,
    new Set(runs.filter(isCompleted).map(({ run_id: id }) => id)),
  );
  return findings;
}

/** A nested run of it, or one nested in that, waits for people: that is what it waits for itself. */
function waitsInside(runs: z.infer<typeof RunsSchema>, runId: string): boolean {
  return runs.some(
    ({ run_id: nested, parent_run_id: parent, status }) =>
      parent === runId && (status === "waiting_for_human" || waitsInside(runs, nested)),
  );
}

const isCompleted = ({ status }: { status: string }) => status === "completed";

function countRun(
  { runs, violations }: Findings,
  run: { runId: string; status: string; parent: string | null; code: string | null },
): void {
  const { runId, status, parent, code } = run;
  if (status === "failed" && !EXPLAINED.includes(code ?? ""))
    violations.push(`${runId} failed with ${code ?? "no error"}`);
  if (!["completed", "failed", "canceled", "waiting_for_human"].includes(status))
    violations.push(`${runId} is still ${status}`);
  if (parent !== null) runs.nested += 1;
  else if (status === "completed") runs.completed += 1;
  else if (status === "failed") runs.failed[code ?? "?"] = (runs.failed[code ?? "?"] ?? 0) + 1;
  else if (status === "waiting_for_human") runs.waiting_for_human += 1;
}

/** A completed run has done all of its places; no run does another's. */
function judgePlaces(
  { provider, violations }: Findings,
  started: readonly StartedRun[],
  acts: ReadonlyMap<string, number>,
  completed: ReadonlySet<string>,
): void {
  const known = new Set<string>();
  for (const { runId, label, skill } of started) {
    const titles = skill.titlesOf(label, partsOf(label));
    for (const title of titles) known.add(title);
    if (completed.has(runId)) provider.lost.push(...titles.filter((title) => !acts.has(title)));
  }
  for (const title of provider.lost) violations.push(`"${title}" was lost`);
  for (const title of provider.repeated) violations.push(`"${title}" was repeated`);
  for (const title of acts.keys())
    if (!known.has(title)) violations.push(`the provider did "${title}", which no run has`);
}
