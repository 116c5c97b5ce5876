/** One check: `returncode` is 0 where it passed, as of a program that was started. */
export type TestResult = { nodeid: string; returncode: number; duration_seconds: number };

/** The report of `verify:durability`. Field names are those of the format that other runtimes' verifiers write. */
export type DurabilityReport = {
  generated_at: string;
  status: "passed" | "failed";
  contract: "durability_v1";
  summary: { total: number; passed: number; failed: number; pass_ratio: number };
  tests: TestResult[];
  /** `<nodeid>: <why>`. */
  failures: string[];
};

/** What a scenario came to. */
export type ScenarioResult = {
  scenario_id: string;
  description: string;
  status: "passed" | "failed";
  /** What was seen, in a sentence. */
  summary: string;
  tests: TestResult[];
};

/** The report of `verify:durability:advanced`. */
export type AdvancedReport = {
  generated_at: string;
  status: "passed" | "failed";
  contract: "durability_v2_advanced";
  summary: {
    total_scenarios: number;
    passed_scenarios: number;
    failed_scenarios: number;
    scenario_pass_ratio: number;
  };
  scenarios: ScenarioResult[];
  /** `<scenario_id>:<nodeid>: <why>`. */
  failures: string[];
};

/** What came of the scenarios that were run, and why those failed that did. */
export type Outcome = { scenarios: ScenarioResult[]; failures: { place: string; why: string }[] };

/** The basic report: every check stands by itself. */
export function toDurabilityReport(outcome: Outcome, generatedAt: Date): DurabilityReport {
  const tests = outcome.scenarios.flatMap(({ scenario_id: id, tests: own }) =>
    own.map((test) => ({ ...test, nodeid: `${id}/${test.nodeid}` })),
  );
  const passed = tests.filter(({ returncode }) => returncode === 0).length;
  return {
    generated_at: generatedAt.toISOString(),
    status: statusOf(outcome),
    contract: "durability_v1",
    summary: {
      total: tests.length,
      passed,
      failed: tests.length - passed,
      pass_ratio: ratio(passed, tests.length),
    },
    tests,
    failures: outcome.failures.map(({ place, why }) => `${place.replace(":", "/")}: ${why}`),
  };
}

/** The advanced report: a scenario passes where all of its checks do. */
export function toAdvancedReport(outcome: Outcome, generatedAt: Date): AdvancedReport {
  const { scenarios } = outcome;
  const passed = scenarios.filter(({ status }) => status === "passed").length;
  return {
    generated_at: generatedAt.toISOString(),
    status: statusOf(outcome),
    contract: "durability_v2_advanced",
    summary: {
      total_scenarios: scenarios.length,
      passed_scenarios: passed,
      failed_scenarios: scenarios.length - passed,
      scenario_pass_ratio: ratio(passed, scenarios.length),
    },
    scenarios,
    failures: outcome.failures.map(({ place, why }) => `${place}: ${why}`),
  };
}

/** A verifier that checked nothing has not passed. */
function statusOf({ scenarios, failures }: Outcome): "passed" | "failed" {
  return scenarios.length > 0 && failures.length === 0 ? "passed" : "failed";
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;
}
