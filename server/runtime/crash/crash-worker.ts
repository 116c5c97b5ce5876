import { appendFileSync, readFileSync } from "node:fs";
import { inspect } from "node:util";
import { z } from "zod";
import { DomainError } from "../../../core/errors.ts";
import { createDatabase } from "../../database/client.ts";
import type { BuiltinModule } from "../builtins/builtin.ts";
import { CRASH_POINTS } from "../crash-points.ts";
import { startInlineRun, startInlineRuntime } from "../testing/inline-runtime.ts";
import { crashCatalog, CRASH_SKILLS } from "./crash-catalog.ts";

/**
 * A worker process for the crash tests. Writes one line per executed effect to a file, which outlives it; starts the
 * asked number of runs, prints what happens, and kills itself at the nth passing of a crash point.
 */
const settings = z
  .object({
    CRASH_DATABASE_URL: z.string(),
    CRASH_EFFECTS_FILE: z.string(),
    CRASH_POINT: z.enum(CRASH_POINTS).optional(),
    CRASH_AFTER: z.coerce.number().default(1),
    CRASH_RUNS: z.coerce.number().default(0),
    CRASH_SKILL: z.string().optional(),
  })
  .parse(process.env);

/** Seen by whoever looks into a failed test. */
function log(fields: object, message: string): void {
  process.stderr.write(`${message} ${inspect(fields, { depth: 4 })}\n`);
}

const act: BuiltinModule[string] = ({ value }, context) => {
  appendFileSync(settings.CRASH_EFFECTS_FILE, `${context.idempotencyKey ?? ""}\n`);
  return { value: value ?? null };
};

let passed = 0;
const { pool } = createDatabase(settings.CRASH_DATABASE_URL, { poolSize: 6 });
const runtime = await startInlineRuntime({
  pool,
  connectionString: settings.CRASH_DATABASE_URL,
  catalog: crashCatalog(),
  functions: {
    "crash.value.compute": ({ value }) => ({ value: Number(value ?? 0) + 1 }),
    "crash.value.write": act,
    "crash.value.probed": act,
    "crash.value.status": ({ key, value }) => {
      const acted = readFileSync(settings.CRASH_EFFECTS_FILE, "utf8").split("\n");
      const isKnown = acted.some((sent) => sent === key);
      return { state: isKnown ? "done" : "none", value: value ?? null };
    },
    "crash.value.undo": ({ value }, context) => {
      appendFileSync(settings.CRASH_EFFECTS_FILE, `${context.idempotencyKey ?? ""}\n`);
      return { value: value ?? null };
    },
    "crash.value.refuse": () => {
      throw new DomainError("invalid_request", "It is not to be.");
    },
  },
  logger: { info() {}, warn: log, error: log },
  reached: (point) => {
    if (point !== settings.CRASH_POINT) return;
    passed += 1;
    if (passed >= settings.CRASH_AFTER) process.kill(process.pid, "SIGKILL");
  },
});
const stopping = new AbortController();
process.on("SIGTERM", () => {
  stopping.abort();
  void runtime
    .stop()
    .then(() => pool.end())
    .then(() => process.exit(0));
});
process.stdout.write("READY\n");
for (let count = 0; count < settings.CRASH_RUNS && !stopping.signal.aborted; count += 1) {
  const skill = settings.CRASH_SKILL ?? CRASH_SKILLS[count % CRASH_SKILLS.length] ?? "";
  const { runId } = await startInlineRun(runtime, skill, { value: count, list: [1, 2, 3] });
  process.stdout.write(`STARTED ${runId}\n`);
}
process.stdout.write("ALL STARTED\n");
