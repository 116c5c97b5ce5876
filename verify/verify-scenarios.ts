import { performance } from "node:perf_hooks";
import { buildPages } from "../scripts/build-pages.ts";
import { generateClient } from "../scripts/generate-client.ts";
import { COMMON_OPTIONS, createSay, endOnSignals, readOptions, writeReport } from "./options.ts";
import type { Outcome } from "./report.ts";
import { runScenarios } from "./run-scenarios.ts";
import type { Scenario } from "./scenario.ts";

/** A verifier that is made of scenarios. */
export type Verifier<World> = {
  /** Of the npm script. */
  name: string;
  /** One line: what it shows. */
  summary: string;
  reportFile: string;
  scenarios: readonly Scenario<World>[];
  openWorld: (closers: AsyncDisposableStack) => Promise<World>;
  toReport: (outcome: Outcome, generatedAt: Date) => { status: string };
};

/**
 * The command line of a verifier: runs the wanted scenarios against a world of their own, writes the report, shows a
 * table, and sets the exit code: 0 where all passed, 1 where one failed, 2 where it was called wrongly.
 */
export async function verifyScenarios<World>(verifier: Verifier<World>): Promise<void> {
  const { scenarios } = verifier;
  const { values } = readOptions({
    options: {
      ...COMMON_OPTIONS,
      only: { type: "string", multiple: true, default: [] },
      "continue-on-error": { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(helpOf(verifier));
    return;
  }
  const wanted = scenarios.filter(
    ({ id }) => values.only.length === 0 || values.only.some((name) => id.startsWith(name)),
  );
  const unknown = values.only.filter((name) => !scenarios.some(({ id }) => id.startsWith(name)));
  if (unknown.length > 0) {
    process.stderr.write(`No scenario is called ${unknown.join(", ")}. See --help.\n`);
    process.exitCode = 2;
    return;
  }
  const say = createSay(values.json);
  endOnSignals();
  const startedAt = performance.now();
  // As npm start does before it starts the server.
  await generateClient();
  await buildPages();
  await using closers = new AsyncDisposableStack();
  const world = await verifier.openWorld(closers);
  const outcome = await runScenarios(wanted, world, {
    continueOnError: values["continue-on-error"],
    say,
  });
  const report = verifier.toReport(outcome, new Date());
  const file = values["report-file"] ?? verifier.reportFile;
  writeReport(file, report);
  say(`\n${tableOf(wanted, outcome)}\n`);
  say(
    `${verifier.name} ${report.status} in ${((performance.now() - startedAt) / 1000).toFixed(0)} s; the report is ${file}`,
  );
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.status === "passed" ? 0 : 1;
}

function tableOf(wanted: readonly { id: string }[], { scenarios }: Outcome): string {
  const width = Math.max(...wanted.map(({ id }) => id.length)) + 2;
  return wanted
    .map(({ id }) => {
      const found = scenarios.find(({ scenario_id: other }) => other === id);
      if (found === undefined) return `- ${id.padEnd(width)}not run`;
      return `${found.status === "passed" ? "✓" : "✗"} ${id.padEnd(width)}${found.summary}`;
    })
    .join("\n");
}

function helpOf<World>({ name, summary, reportFile, scenarios }: Verifier<World>): string {
  const width = Math.max(...scenarios.map(({ id }) => id.length)) + 2;
  return `npm run ${name} -- [--report-file ${reportFile}] [--only SCENARIO]... [--continue-on-error] [--json]

${summary}

  --report-file FILE     where the report goes (default: ${reportFile})
  --only SCENARIO        only this one, or all whose names begin so; may be repeated
  --continue-on-error    go on after a failure (default: stop at the first)
  --json                 the report on the standard output, progress on the standard error

${scenarios.map(({ id, description }) => `  ${id.padEnd(width)}${description}`).join("\n")}

Example: npm run ${name} -- --only ${scenarios[0]?.id ?? ""} --report-file /tmp/report.json
Exit codes: 0 all passed, 1 something failed, 2 called wrongly.
`;
}
