import type { Outcome, ScenarioResult, TestResult } from "./report.ts";
import type { Scenario } from "./scenario.ts";

/** Longer than any check takes on a busy machine; one that hangs must still end the verifier. */
const CHECK_LIMIT_MS = 180_000;

/**
 * Runs scenarios one after the other, those of the background beside them, and tells each check's end through `say`.
 * Stops after the first scenario that failed unless `continueOnError`.
 */
export async function runScenarios<World>(
  scenarios: readonly Scenario<World>[],
  world: World,
  options: { continueOnError: boolean; say: (line: string) => void },
): Promise<Outcome> {
  const outcome: Outcome = { scenarios: [], failures: [] };
  const results = new Map<string, ScenarioResult>();
  const runOne = async (scenario: Scenario<World>) => {
    if (outcome.failures.length > 0 && !options.continueOnError) return;
    results.set(scenario.id, await runScenario(scenario, world, outcome.failures, options));
  };
  const alone = scenarios.filter(({ isAlone }) => isAlone === true);
  const besides = scenarios.filter(({ isBackground }) => isBackground === true);
  const rest = scenarios.filter((each) => !alone.includes(each) && !besides.includes(each));
  await Promise.all([inTurn(besides, runOne), inTurn(rest, runOne)]);
  await inTurn(alone, runOne);
  outcome.scenarios = scenarios.flatMap(({ id }) => results.get(id) ?? []);
  return outcome;
}

async function inTurn<Item>(items: readonly Item[], act: (item: Item) => Promise<void>) {
  for (const item of items) await act(item);
}

async function runScenario<World>(
  scenario: Scenario<World>,
  world: World,
  failures: Outcome["failures"],
  { continueOnError, say }: { continueOnError: boolean; say: (line: string) => void },
): Promise<ScenarioResult> {
  const tests: TestResult[] = [];
  const seen: string[] = [];
  for (const { nodeid, run } of scenario.checks) {
    const startedAt = performance.now();
    const place = `${scenario.id}:${nodeid}`;
    const why = await bounded(run(world)).then(
      (said) => {
        if (typeof said === "string") seen.push(said);
        return null;
      },
      (thrown: unknown) => reasonOf(thrown),
    );
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    tests.push({ nodeid, returncode: why === null ? 0 : 1, duration_seconds: seconds });
    say(`${why === null ? "✓" : "✗"} ${place} (${seconds.toFixed(1)} s)`);
    if (why === null) continue;
    failures.push({ place, why });
    say(`    ${why.replaceAll("\n", "\n    ")}`);
    if (!continueOnError) break;
  }
  const failed = tests.filter(({ returncode }) => returncode !== 0).length;
  return {
    scenario_id: scenario.id,
    description: scenario.description,
    status: failed === 0 ? "passed" : "failed",
    summary:
      failed === 0
        ? [`${tests.length} of ${scenario.checks.length} checks passed`, ...seen].join("; ")
        : `${failed} of ${scenario.checks.length} checks failed`,
    tests,
  };
}

async function bounded<Value>(work: Promise<Value>): Promise<Value> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`not done after ${CHECK_LIMIT_MS / 1000} s`)),
    CHECK_LIMIT_MS,
  );
  return Promise.race([work, overdue]).finally(() => clearTimeout(timer));
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
