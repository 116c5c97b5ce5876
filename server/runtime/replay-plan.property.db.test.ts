import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DomainError } from "../../core/errors.ts";
import { approvalIdOf } from "../../core/ids.ts";
import type { JsonObject } from "../../core/json.ts";
import type { ReplayPolicy } from "../../core/capability.ts";
import type { ReplayPlanRow } from "../../core/plan-rows.ts";
import { stepKeyOfPayload, type EventEnvelope } from "../../core/run-events.ts";
import { SkillSchema } from "../../core/skill.ts";
import { occurrenceKey } from "../../core/step.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { RegistryCatalog } from "../registry/registry-catalog.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import type { ReplayWish } from "./replay-wish.ts";
import type { Runtime } from "./runtime.ts";
import {
  arbitraryReplay,
  drawnSkill,
  drawnStepId,
  drawnStepMap,
  KINDS,
  type Answer,
  type DrawnReplay,
} from "./testing/arbitrary-replay.ts";
import { inlineCatalog, type InlineCapability } from "./testing/inline-catalog.ts";
import { inlinePlanner, replayWish } from "./testing/inline-planner.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { ADA, QuestionSchema } from "./testing/questions.ts";
import { differencesOf } from "./testing/redrive-all.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** More with `npm run verify:plan`; a failure names the seed that repeats it. */
const CASES = Number(process.env["ORCA_PLAN_CASES"] ?? 40);

let database: TestDatabase;
let runtime: Runtime;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
  runtime = await openRuntime();
});
const openRuntime = () =>
  startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: CATALOG,
    functions: FUNCTIONS,
  });
afterAll(async () => {
  await runtime.stop();
  await database.drop();
});

/** What goes wrong, or otherwise than before, by the key of a step; and who was called. */
const world = {
  broken: new Set<string>(),
  unclear: new Set<string>(),
  noisy: new Set<string>(),
  refused: new Set<string>(),
};

const act = ({ value, key, item }: JsonObject): JsonObject => {
  const step = typeof key === "string" ? key : "";
  if (world.broken.has(step)) throw new DomainError("invalid_request", "It refuses.");
  if (world.unclear.has(step)) throw new DomainError("upstream_failure", "Nobody answers.");
  return {
    value: `${JSON.stringify(item ?? value)}${world.noisy.has(step) ? "!" : ""}`.slice(0, 40),
  };
};
const FUNCTIONS: BuiltinModule = {
  ...Object.fromEntries(KINDS.map((kind) => [`fake.${kind}.do`, act])),
  "fake.gate.ask": ({ value }) => ({
    allowed: typeof value === "string" && !world.refused.has(value),
  }),
};

const REPLAY_POLICY: Partial<Record<string, ReplayPolicy>> = {
  again: "reexecute",
  grave: "require_human",
};
const EFFECT = { read: "read", mail: "external_action" } as const;
const gates = (onFail: string) => [
  { capability: "fake.gate.ask", input: { value: "input.key" }, on_fail: onFail },
];
const SAFETY: Partial<Record<string, object>> = {
  confirmed: { trust_level: "standard", requires_confirmation: true },
  trusted: { trust_level: "elevated" },
  gated: { trust_level: "standard", mandatory_pre_gates: gates("require_human") },
  closed: { trust_level: "standard", mandatory_pre_gates: gates("block") },
  soft: { trust_level: "standard", mandatory_pre_gates: gates("degrade") },
  checked: { trust_level: "standard", mandatory_post_gates: gates("require_human") },
};
const BASE = inlineCatalog({
  capabilities: [
    { id: "fake.gate.ask", outputs: ["allowed"] },
    ...KINDS.map((kind): InlineCapability => {
      const safety = SAFETY[kind];
      return {
        id: `fake.${kind}.do`,
        outputs: ["value"],
        effect: kind === "read" || kind === "mail" ? EFFECT[kind] : "write",
        ...(safety === undefined ? {} : { safety }),
        ...(REPLAY_POLICY[kind] === undefined ? {} : { replayPolicy: REPLAY_POLICY[kind] }),
      };
    }),
  ],
  skills: [
    {
      id: "fake.inner",
      version: "1.0.0",
      name: "Inner",
      description: "Nested in drawn skills.",
      inputs: { value: {}, key: {} },
      outputs: { value: {} },
      steps: [
        {
          id: "w",
          uses: "fake.write.do",
          input: { value: "inputs.value", key: "inputs.key" },
          output: { value: "outputs.value" },
        },
      ],
    },
  ],
});
const skills = new Map<string, NonNullable<ReturnType<RegistryCatalog["skill"]>>>();
/** The capabilities stay, drawn skills come as they are drawn. */
const CATALOG: RegistryCatalog = {
  ...BASE,
  skill: (id, version) => skills.get(`${id}@${version}`) ?? BASE.skill(id, version),
};

let drawnSkills = 0;

function addSkill(drawn: DrawnReplay): string {
  drawnSkills += 1;
  const id = `drawn.skill_${drawnSkills}`;
  for (const version of [1, 2] as const) {
    const skill = SkillSchema.parse(drawnSkill(drawn, id, version));
    skills.set(`${id}@${version}.0.0`, {
      skill,
      contentHash: `sha256:${id}@${version}`,
      importedAt: "2026-01-01T00:00:00.000Z",
      channel: "local",
    });
  }
  return id;
}

const keysOf = (indexes: readonly number[]) => new Set(indexes.map((index) => `k${index}`));
/** The run's status as soon as it has ended or waits, or a run inside it asks people. */
async function untilSettled(runId: string): Promise<string> {
  return vi.waitUntil(
    async () => {
      const { rows } = await database.pool.query<{ status: string }>(
        `SELECT status FROM runs WHERE run_id = $1
           AND (status IN ('completed', 'failed', 'canceled', 'waiting_for_human', 'waiting_for_signal')
             OR EXISTS (SELECT 1 FROM runs c WHERE c.parent_run_id = $1 AND c.status = 'waiting_for_human'))`,
        [runId],
      );
      return rows[0]?.status;
    },
    { timeout: 15_000, interval: 5 },
  );
}

type Asked = { run_id: string; sequence: number; kind: string; payload_hash: string };

/** Answers what a run and those inside it ask, as drawn, until it ends, waits for a signal, or there is no answer left. */
async function untilAnswered(runId: string, answers: readonly Answer[]): Promise<string> {
  for (const answer of answers) {
    const status = await untilSettled(runId);
    const asked = await nextQuestion(runId);
    if (asked === null) return status;
    await tell(asked, answer);
  }
  return untilSettled(runId);
}

async function nextQuestion(runId: string): Promise<Asked | null> {
  const { rows } = await database.pool.query<Asked>(
    `SELECT run_id, sequence, kind, payload_hash FROM approvals WHERE status = 'pending'
       AND run_id IN (SELECT run_id FROM runs WHERE run_id = $1 OR parent_run_id = $1)
     ORDER BY created_at, run_id, sequence LIMIT 1`,
    [runId],
  );
  return rows[0] ?? null;
}

async function tell(asked: Asked, answer: Answer): Promise<void> {
  const { run_id: runId, sequence, kind, payload_hash: hash } = asked;
  const events = await probe.events(runId);
  const { payload } = QuestionSchema.parse(events[sequence - 1]?.payload);
  const isTaken = answer === "take";
  const edits =
    kind === "in_doubt"
      ? {
          outcome: isTaken ? "happened" : "not_happened",
          result: isTaken ? { value: "told" } : null,
        }
      : kind === "replay"
        ? { choice: isTaken ? "use_recorded_result" : "execute" }
        : null;
  const edited = edits === null || answer === "deny" ? {} : { payload: { ...payload, ...edits } };
  const decided = runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: ADA.actor,
    kind: "decide",
    payload: {
      approval_id: approvalIdOf(runId, sequence),
      approver: ADA,
      payload_hash: hash,
      decision: answer === "deny" ? "deny" : "approve",
      comment: "So.",
      ...edited,
    },
  });
  // Where another answer ended the run, this one comes too late.
  await decided.catch((error: unknown) => {
    if (!(error instanceof DomainError) || error.code !== "approval_not_pending") throw error;
  });
}

/** Lets the drawn run come to where it ends or waits. */
async function makeHistory(drawn: DrawnReplay): Promise<string> {
  world.broken = keysOf(drawn.broken);
  world.unclear = keysOf(drawn.unclear);
  world.noisy = new Set();
  world.refused = keysOf(drawn.refused);
  const { inputs, answers } = drawn;
  const { runId } = await startInlineRun(runtime, addSkill(drawn), inputs, {
    version: "1.0.0",
    trust: drawn.isTrusted ? "elevated" : "standard",
  });
  for (let signals = 0; ; signals += 1) {
    const status = await untilAnswered(runId, answers);
    if (status !== "waiting_for_signal" || !drawn.isSignaled) return runId;
    await runtime.command({
      tenantId: INLINE_TENANT,
      runId,
      actor: "test",
      kind: "signal",
      signalId: `sig_${runId}_${signals}`,
      name: "go",
      payload: "went",
    });
  }
}

async function wishFor(drawn: DrawnReplay, runId: string): Promise<ReplayWish> {
  const events = await probe.events(runId);
  const { status } = await probe.row(runId);
  const isResume = drawn.operation === "resume" && (status === "failed" || status === "canceled");
  const version = !isResume && drawn.renamed.length > 0 ? 2 : 1;
  const trust = drawn.isTrustedAgain ? "elevated" : "standard";
  const overrides = await allowedChoices(drawn, runId, isResume, version);
  if (isResume) return replayWish(runId, { operation: "resume", overrides });
  const checkpoints = events.filter(({ event_type: type }) => type === "checkpoint.saved");
  const place = drawn.from === null ? null : Math.floor((drawn.from / 101) * checkpoints.length);
  const isRead = (index: number) => index < drawn.steps.length;
  return replayWish(runId, {
    operation: drawn.operation === "fork" ? "fork" : "replay",
    checkpointSequence: place === null ? null : (checkpoints[place]?.sequence ?? null),
    inputs: drawn.editedInputs ? { value: "z", flag: !drawn.inputs.flag } : {},
    vars:
      drawn.editedVar !== null && isRead(drawn.editedVar)
        ? { [`v${drawn.editedVar}`]: "edited" }
        : {},
    version: version === 2 ? "2.0.0" : null,
    stepMap: drawnStepMap(drawn, version),
    trust,
    overrides,
  });
}

/** Of the drawn choices those that the plan itself offers. */
async function allowedChoices(
  drawn: DrawnReplay,
  runId: string,
  isResume: boolean,
  version: 1 | 2,
): Promise<Record<string, ReplayPolicy>> {
  const { rows } = await planner().plan(
    replayWish(
      runId,
      isResume
        ? { operation: "resume" }
        : {
            version: version === 2 ? "2.0.0" : null,
            stepMap: drawnStepMap(drawn, version),
          },
    ),
  );
  const offers = new Map(rows.map((row) => [row.step_id, row.may_become]));
  return Object.fromEntries(
    drawn.choices.flatMap(({ step, policy }) => {
      const id = drawnStepId(drawn, step, version);
      return offers.get(id)?.some((offer) => offer.policy === policy) === true
        ? [[id, policy]]
        : [];
    }),
  );
}

const planner = () => inlinePlanner(database.pool, () => CATALOG);

/** Carries the plan out and answers the events that came of it. */
async function carryOut(
  wish: ReplayWish,
  drawn: DrawnReplay,
): Promise<{ rows: ReplayPlanRow[]; events: EventEnvelope[]; hasFailed: boolean }> {
  const planned = await planner().plan(wish);
  const { rows, request, overrides, planHash } = planned;
  const before = (await probe.row(wish.runId)).head_sequence;
  const base = { tenantId: INLINE_TENANT, actor: "test" };
  let { runId } = wish;
  if (request === null) {
    await runtime.command({ ...base, runId, kind: "resume", overrides, planHash });
  } else {
    const isHeld = wish.operation === "fork";
    ({ runId } = await runtime.replayRun({ ...request, ...base, isHeld }));
    if (isHeld) await runtime.command({ ...base, runId, kind: "resume" });
  }
  if (drawn.isTakenOver) {
    await runtime.stop();
    runtime = await openRuntime();
  }
  const status = await untilAnswered(runId, drawn.answersAgain);
  const events = await probe.events(runId);
  for (const each of new Set([wish.runId, runId]))
    expect(await differencesOf(database.pool, CATALOG, each)).toEqual([]);
  return {
    rows,
    events: request === null ? events.slice(before) : events,
    hasFailed: status !== "completed",
  };
}

type Outcome = ReplayPlanRow["decision"];

/** What became of each step, in the words of a plan. */
function outcomesOf(events: readonly EventEnvelope[]): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  const begun = new Set<string>();
  /** What stopped before an effect counts as that, whatever people said then. */
  const isStopped = new Set<string>();
  const set = (key: string, outcome: Outcome) => {
    if (isStopped.has(key)) return;
    outcomes.set(key, outcome);
    if (outcome === "ask" || outcome === "blocked") isStopped.add(key);
  };
  for (const { event_type: type, payload } of events) {
    const key = stepKeyOfPayload(payload);
    if (key === null) continue;
    if (type === "step.started") begun.add(key);
    else if (type !== "capability.selected") begun.delete(key);
    if (type === "step.started" && payload["loop"] === undefined)
      set(key, payload["wait"] === undefined ? "run" : "wait");
    // Who is blocked is asked as well.
    if (type === "policy.evaluated" && payload["outcome"] === "blocked") set(key, "blocked");
    if (type === "approval.requested") set(key, "ask");
    if (type === "step.canceled" && !isStopped.has(key)) outcomes.delete(key);
    if (type === "step.skipped") outcomes.set(key, "skip");
    if (type === "side_effect.reused") set(key, "reuse");
    if (type === "side_effect.blocked") set(key, "blocked");
    if (type === "step.completed" && payload["reused_from"] !== undefined) set(key, "reuse");
  }
  // Another step's nested run asks people while this one is still looked up: nothing has become of it yet.
  for (const key of begun) if (outcomes.get(key) === "run") outcomes.delete(key);
  return outcomes;
}

/** What may become of a step where the plan is not certain, besides that it is not reached or skipped. */
const POSSIBLE: Record<Outcome, readonly Outcome[]> = {
  reuse: ["reuse", "blocked", "run", "ask"],
  run: ["run", "ask", "reuse", "blocked"],
  wait: ["wait", "reuse"],
  skip: ["run", "ask", "reuse", "wait", "blocked"],
  ask: ["ask", "blocked", "reuse", "run"],
  blocked: ["blocked", "reuse", "ask", "run"],
};

function isAsPlanned(row: ReplayPlanRow, outcome: Outcome | null, hasFailed: boolean): boolean {
  if (outcome === null)
    return !row.is_certain || hasFailed || row.reason.startsWith("it has ended");
  if (row.is_certain) return outcome === row.decision;
  return outcome === "skip" || POSSIBLE[row.decision].includes(outcome);
}

test("what was planned is what is executed", { timeout: 30_000 + CASES * 2_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryReplay, async (drawn) => {
      const source = await makeHistory(drawn);
      const wish = await wishFor(drawn, source);
      world.broken = keysOf(drawn.brokenAgain);
      world.unclear = new Set();
      world.noisy = keysOf(drawn.noisy);
      world.refused = keysOf(drawn.refusedAgain);
      const { rows, events, hasFailed } = await carryOut(wish, drawn);
      const outcomes = outcomesOf(events);
      const told = new Set(rows.map((row) => row.step_id));
      for (const key of outcomes.keys()) expect(told).toContain(key.split("#")[0]);
      for (const row of rows) {
        const key = occurrenceKey(row.step_id, row.occurrence ?? undefined);
        const outcome = outcomes.get(key) ?? null;
        const { may_become: _offers, ...planned } = row;
        const isKept = isAsPlanned(row, outcome, hasFailed);
        if (!isKept) throw new Error(`Planned ${JSON.stringify(planned)}, became ${outcome}.`);
      }
    }),
    { numRuns: CASES },
  );
});
