import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { buildPages } from "./build-pages.ts";
import { generateClient } from "./generate-client.ts";
import { PROJECT } from "./project.ts";
import { runTool } from "./run-tool.ts";

/**
 * npm test: every check there is, cheapest first, all of them even after one failed. A check that is no test
 * counts as one. The last line is the sum: "N passed, N failed".
 */
type Tally = { passed: number; failed: number };
type Check = { name: string; run: () => Promise<Tally> };

const RESULTS = join(PROJECT, "test-results");
const VITEST_JSON = join(RESULTS, "vitest.json");
const PLAYWRIGHT_JSON = join(RESULTS, "playwright.json");

const CHECKS: Check[] = [
  { name: "generate", run: () => once(generateClient) },
  { name: "format", run: () => tool("prettier", ["--check", "--log-level", "warn", "."]) },
  { name: "build", run: () => once(buildPages) },
  { name: "types", run: () => tool("tsc", ["--noEmit", "-p", "."]) },
  { name: "lint", run: () => tool("oxlint", ["--type-aware"]) },
  { name: "layers", run: () => tool(process.execPath, ["scripts/check-layers.ts"]) },
  { name: "unused", run: () => tool("knip", []) },
  { name: "vitest", run: runVitest },
  { name: "verify:durability", run: () => runVerifier("durability") },
  { name: "verify:durability:advanced", run: () => runVerifier("durability-advanced") },
  { name: "verify:exactly-once", run: () => runVerifier("exactly-once", ["--runs", "40"]) },
  { name: "playwright", run: runPlaywright },
];

const Checks = z.array(z.object({ returncode: z.int() }));
const VerifierReport = z.object({
  tests: Checks.optional(),
  scenarios: z.array(z.object({ tests: Checks })).optional(),
});

mkdirSync(RESULTS, { recursive: true });
const rows: string[] = [];
const total: Tally = { passed: 0, failed: 0 };
for (const { name, run } of CHECKS) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const { passed, failed } = await run();
  total.passed += passed;
  total.failed += failed;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  rows.push(
    `${failed === 0 ? "✓" : "✗"} ${name.padEnd(28)}${passed} passed, ${failed} failed (${seconds} s)`,
  );
}
console.log(`\n${rows.join("\n")}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function tool(name: string, args: string[]): Promise<Tally> {
  return verdict((await runTool(name, args)) === 0);
}

async function once(act: () => Promise<void>): Promise<Tally> {
  try {
    await act();
    return verdict(true);
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    return verdict(false);
  }
}

function verdict(isGood: boolean): Tally {
  return isGood ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runVitest(): Promise<Tally> {
  rmSync(VITEST_JSON, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${VITEST_JSON}`];
  const code = await runTool("vitest", ["run", ...reporters]);
  const counts = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });
  const found = readJson(VITEST_JSON, counts);
  return tallyOf(found?.numPassedTests, found?.numFailedTests, code);
}

/** The verifiers of verify/, against processes that they kill. Their reports stay in artifacts/. */
async function runVerifier(name: string, args: string[] = []): Promise<Tally> {
  const report = join(PROJECT, "artifacts", `${name}.json`);
  rmSync(report, { force: true });
  const code = await runTool(process.execPath, [`verify/${name}.ts`, ...args]);
  const found = readJson(report, VerifierReport);
  const checks = found?.tests ?? found?.scenarios?.flatMap(({ tests }) => tests);
  if (checks === undefined) return verdict(code === 0);
  const passed = checks.filter(({ returncode }) => returncode === 0).length;
  return tallyOf(passed, checks.length - passed, code);
}

async function runPlaywright(): Promise<Tally> {
  if (globSync("e2e/*.spec.ts", { cwd: PROJECT }).length === 0) return { passed: 0, failed: 0 };
  rmSync(PLAYWRIGHT_JSON, { force: true });
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: PLAYWRIGHT_JSON };
  const code = await runTool("playwright", ["test", "--reporter=list,json"], { env });
  const counts = z.object({
    stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  });
  const stats = readJson(PLAYWRIGHT_JSON, counts)?.stats;
  return tallyOf(stats?.expected, stats && stats.unexpected + stats.flaky, code);
}

/** A run that broke outside of a test (set-up, an unhandled rejection, no report) is a failure as well. */
function tallyOf(passed: number | undefined, failed: number | undefined, code: number): Tally {
  return { passed: passed ?? 0, failed: code === 0 ? (failed ?? 1) : Math.max(failed ?? 0, 1) };
}

function readJson<T>(path: string, schema: z.ZodType<T>): T | null {
  return existsSync(path) ? schema.parse(JSON.parse(readFileSync(path, "utf8"))) : null;
}
