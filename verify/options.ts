import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

/** What every verifier takes on its command line. */
export const COMMON_OPTIONS = {
  "report-file": { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** `parseArgs` for a verifier: what it does not know ends it with 2 and the way to the help. */
export function readOptions<Options extends NonNullable<Parameters<typeof parseArgs>[0]>>(
  options: Options,
) {
  try {
    return parseArgs(options);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    process.stderr.write(`${why}\nSee --help.\n`);
    process.exit(2);
  }
}

/** Lets an interrupted verifier end what it started. */
export function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => process.exit(130));
}

/** Where progress goes: beside the report where that goes to the standard output. */
export function createSay(isJson: boolean): (line: string) => void {
  const stream = isJson ? process.stderr : process.stdout;
  return (line) => void stream.write(`${line}\n`);
}

/** Writes a report as JSON, making the folder for it. */
export function writeReport(file: string, report: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}
