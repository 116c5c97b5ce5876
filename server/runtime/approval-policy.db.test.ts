import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { ApprovalPolicySource } from "../../core/approval-policy.ts";
import type { Approver } from "../../core/approver.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import { InvocationError } from "./invokers/invoker.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { ADA, answerQuestion, lastQuestion } from "./testing/questions.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** Whom policy has the runtime ask: of confirmations, gates, effects in doubt, replays and undoings. */

let database: TestDatabase;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
  return database.drop;
});

const BOB: Approver = { ...ADA, actor: "usr_bob", name: "Bob" };
/** Who starts the runs here. */
const STARTER: Approver = { ...ADA, actor: "test", name: "Starter" };
const FINANCE = { roles: [], users: [], groups: ["finance"] };

let sent = 0;
let isLost = false;
const FUNCTIONS: BuiltinModule = {
  "pay.invoice.send": () => {
    sent += 1;
    return { value: "sent" };
  },
  "pay.invoice.own": () => ({ value: "sent" }),
  "pay.invoice.gated": () => ({ value: "sent" }),
  "pay.invoice.made": () => ({ value: "sent" }),
  "pay.invoice.lose": () => {
    if (!isLost) return { value: "sent" };
    throw new InvocationError("upstream_timeout", "No answer.", {
      possiblySent: true,
      isServiceFault: false,
    });
  },
  "pay.invoice.undo": () => {
    throw new InvocationError("upstream_failure", "It is broken.", {
      possiblySent: false,
      isServiceFault: false,
    });
  },
  "pay.gate.refuse": () => ({ allowed: false }),
};
const safety = (more: object) => ({ safety: { trust_level: "standard", ...more } });
const CAPABILITIES = [
  { id: "pay.invoice.send", ...safety({ requires_confirmation: true }) },
  {
    id: "pay.invoice.strict",
    ...safety({
      requires_confirmation: true,
      approval: { quorum: 3, eligible: { roles: ["approver"], groups: ["finance"] } },
    }),
  },
  {
    id: "pay.invoice.gated",
    ...safety({
      mandatory_pre_gates: [{ capability: "pay.gate.refuse", on_fail: "require_human" }],
    }),
  },
  {
    id: "pay.invoice.own",
    ...safety({
      requires_confirmation: true,
      approval: { eligible: { roles: ["release_manager"] } },
    }),
  },
  { id: "pay.invoice.lose" },
  {
    id: "pay.invoice.made",
    compensation: { capability: "pay.invoice.undo", input: { value: "output.value" } },
  },
  { id: "pay.invoice.undo" },
].map((part) => ({ effect: "write" as const, outputs: ["value"], inputs: { value: {} }, ...part }));
const skill = (name: string) => ({
  id: `pay.${name}`,
  version: "1.0.0",
  name,
  description: name,
  steps: [{ id: "act", uses: `pay.invoice.${name}`, input: { value: { $literal: "7" } } }],
});
const CATALOG = inlineCatalog({
  capabilities: [...CAPABILITIES, { id: "pay.gate.refuse", outputs: ["allowed"] }],
  skills: [
    ...["send", "strict", "gated", "lose", "own"].map(skill),
    {
      ...skill("send"),
      id: "pay.named",
      policy: { approvals: { eligible: { users: ["ada"], groups: ["finance"] } } },
    },
    {
      ...skill("made"),
      steps: [...skill("made").steps, { id: "go", uses: "wait.signal", input: { name: "go" } }],
      config: { compensation: { retry: { max_attempts: 1 } } },
    },
  ],
});

/** Has `work` done with a runtime whose environment's policy says that of questions. */
async function under(
  approvals: ApprovalPolicySource,
  work: (runtime: Runtime) => Promise<void>,
): Promise<void> {
  sent = 0;
  isLost = true;
  const runtime = await startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: CATALOG,
    functions: FUNCTIONS,
    policies: [{ approvals }],
  });
  try {
    await work(runtime);
  } finally {
    await runtime.stop();
  }
}

async function asks(runtime: Runtime, skillId: string) {
  const { runId } = await startInlineRun(runtime, skillId);
  await probe.until(runId, "waiting_for_human");
  const question = await lastQuestion(probe, runId);
  const say = (approver: Approver, change = {}) =>
    answerQuestion(runtime, runId, question, change, undefined, approver);
  return { runId, question, say };
}

describe("a confirmation", () => {
  test("of which policy wants two people goes out once two different ones have approved it", async () => {
    await under({ quorum: 2 }, async (runtime) => {
      const { runId, say } = await asks(runtime, "pay.send");
      await say(ADA);
      await expect(say(ADA)).rejects.toMatchObject({ code: "approval_not_pending" });
      expect(await probe.row(runId)).toMatchObject({ status: "waiting_for_human" });
      expect(sent).toBe(0);
      await say(BOB);
      await probe.until(runId, "completed");
      expect(sent).toBe(1);
    });
  });

  test("is not decided by who started the run where policy forbids it", async () => {
    await under({ confirmation: { forbid_self_approval: true } }, async (runtime) => {
      const { runId, say } = await asks(runtime, "pay.send");
      await expect(say(STARTER)).rejects.toMatchObject({ code: "forbidden" });
      await say(ADA);
      await probe.until(runId, "completed");
    });
  });

  test("is decided by the group that policy names and by nobody else", async () => {
    await under({ eligible: FINANCE }, async (runtime) => {
      const { runId, say } = await asks(runtime, "pay.send");
      await expect(say(ADA)).rejects.toMatchObject({ code: "forbidden" });
      await expect(say({ ...ADA, roles: ["admin"] })).rejects.toMatchObject({ code: "forbidden" });
      await say({ ...BOB, groups: ["finance"] });
      await probe.until(runId, "completed");
    });
  });

  test("is handed on only to whom policy names, by others than administrators", async () => {
    await under({ eligible: FINANCE }, async (runtime) => {
      const { runId, question, say } = await asks(runtime, "pay.send");
      const approvers = { roles: ["approver"], users: [], groups: [] };
      const hand = (approver: Approver) =>
        runtime.command({
          tenantId: INLINE_TENANT,
          runId,
          actor: approver.actor,
          kind: "reassign",
          payload: { approval_id: question.approval_id, approver, eligible: approvers },
        });
      await expect(hand({ ...BOB, groups: ["finance"] })).rejects.toMatchObject({
        code: "forbidden",
        message: "Policy leaves this to group finance, not to approver.",
      });
      await hand({ ...BOB, roles: ["admin"] });
      await say(ADA);
      await probe.until(runId, "completed");
    });
  });

  test("that nobody can decide waits, and is not sent", async () => {
    const eligible = { roles: [], users: [], groups: [] };
    await under({ eligible, quorum: 20 }, async (runtime) => {
      const { runId, say } = await asks(runtime, "pay.send");
      await expect(say({ ...ADA, roles: ["admin"] })).rejects.toMatchObject({ code: "forbidden" });
      expect(await probe.row(runId)).toMatchObject({ status: "waiting_for_human" });
      expect(sent).toBe(0);
    });
  });

  test("asks no fewer people than its capability says, and none whom it leaves out", async () => {
    const both = { roles: ["approver", "operator"], users: ["ada"], groups: [] };
    await under({ eligible: both, quorum: 2 }, async (runtime) => {
      const { question } = await asks(runtime, "pay.strict");
      expect(question).toMatchObject({
        quorum: 3,
        eligible: { roles: ["approver"], users: [], groups: [] },
      });
    });
  });
});

describe("a confirmation whose place names nobody", () => {
  test("is decided by whom its skill names only if they hold the default role as well", async () => {
    await under({ quorum: 1 }, async (runtime) => {
      const { runId, question, say } = await asks(runtime, "pay.named");
      expect(question).toMatchObject({
        eligible: { users: ["ada"], groups: ["finance"], required_roles: ["approver"] },
      });
      const author = { ...ADA, ids: ["ada"], roles: ["release_manager"] };
      await expect(say(author)).rejects.toMatchObject({
        code: "forbidden",
        message: "Only ada or group finance (with the role approver) may decide this.",
      });
      await expect(say(BOB)).rejects.toMatchObject({ code: "forbidden" });
      const hand = (approver: Approver) =>
        runtime.command({
          tenantId: INLINE_TENANT,
          runId,
          actor: approver.actor,
          kind: "reassign",
          payload: {
            approval_id: question.approval_id,
            approver,
            eligible: { roles: [], users: ["ada"], groups: [] },
          },
        });
      await hand({ ...BOB, groups: ["finance"] });
      await expect(say(author)).rejects.toMatchObject({ code: "forbidden" });
      await say({ ...author, roles: ["approver"] });
      await probe.until(runId, "completed");
    });
  });

  test("is not decided by another role that its capability names", async () => {
    await under({}, async (runtime) => {
      const { runId, say } = await asks(runtime, "pay.own");
      await expect(say({ ...BOB, roles: ["release_manager"] })).rejects.toMatchObject({
        code: "forbidden",
      });
      await say({ ...BOB, roles: ["admin"] });
      await probe.until(runId, "completed");
    });
  });

  test("is decided by whom its skill names where the place names them too", async () => {
    await under({ eligible: { roles: [], users: ["ada"], groups: [] } }, async (runtime) => {
      const { runId, question, say } = await asks(runtime, "pay.named");
      expect(question.eligible).toEqual({ roles: [], users: ["ada"], groups: [] });
      await say({ ...ADA, ids: ["ada"], roles: ["release_manager"] });
      await probe.until(runId, "completed");
    });
  });
});

test("a gate's question asks whom policy names for gates", async () => {
  await under({ quorum: 3, gate: { quorum: 2 } }, async (runtime) => {
    const { runId, question, say } = await asks(runtime, "pay.gated");
    expect(question).toMatchObject({ kind: "gate", quorum: 2 });
    await say(ADA);
    expect(await probe.row(runId)).toMatchObject({ status: "waiting_for_human" });
    await say(BOB);
    await probe.until(runId, "completed");
  });
});

test("an undoing that failed is given up by as many people as policy wants for confirmations", async () => {
  await under({ confirmation: { quorum: 2 } }, async (runtime) => {
    const { runId } = await startInlineRun(runtime, "pay.made");
    await probe.until(runId, "waiting_for_signal");
    const cancel = { tenantId: INLINE_TENANT, runId, actor: "test", kind: "cancel" } as const;
    await runtime.command({ ...cancel, compensate: true });
    await expect.poll(() => probe.typesOf(runId)).toContain("approval.requested");
    expect(await lastQuestion(probe, runId)).toMatchObject({ kind: "confirmation", quorum: 2 });
  });
});

describe("an effect in doubt", () => {
  const resolve = (runtime: Runtime, runId: string, effectId: string, approver: Approver) =>
    runtime.command({
      tenantId: INLINE_TENANT,
      runId,
      actor: approver.actor,
      kind: "resolve",
      payload: { effect_id: effectId, outcome: "not_happened", approver },
    });

  test("is settled by two people where policy wants two, who say the same", async () => {
    await under({ in_doubt: { quorum: 2, forbid_self_approval: true } }, async (runtime) => {
      const { runId, question } = await asks(runtime, "pay.lose");
      isLost = false;
      const effectId = z.string().parse(question.payload["effect_id"]);
      await expect(resolve(runtime, runId, effectId, STARTER)).rejects.toMatchObject({
        code: "forbidden",
      });
      await resolve(runtime, runId, effectId, ADA);
      expect(await probe.row(runId)).toMatchObject({ status: "waiting_for_human" });
      await resolve(runtime, runId, effectId, BOB);
      await probe.until(runId, "completed");
    });
  });

  test("is settled by who agrees with what the first has said, whose result it takes", async () => {
    await under({ in_doubt: { quorum: 2 } }, async (runtime) => {
      const { runId, question, say } = await asks(runtime, "pay.lose");
      await say(ADA, { outcome: "happened", result: { value: "by hand" } });
      const events = await probe.events(runId);
      const said = events.find(({ event_type: type }) => type === "approval.decided");
      await runtime.command({
        tenantId: INLINE_TENANT,
        runId,
        actor: BOB.actor,
        kind: "decide",
        payload: {
          approval_id: question.approval_id,
          approver: BOB,
          decision: "approve",
          payload_hash: z.string().parse(said?.payload["payload_hash"]),
        },
      });
      await probe.until(runId, "completed");
      const done = (await probe.events(runId)).find(
        ({ event_type: type }) => type === "step.completed",
      );
      expect(done?.payload["output"]).toMatchObject({ value: "by hand" });
    });
  });

  test("of a run that has ended is not settled by one person where policy wants two, nor by others", async () => {
    const policy = { in_doubt: { eligible: FINANCE, quorum: 2 } };
    await under(policy, async (runtime) => {
      const { runId, question } = await asks(runtime, "pay.lose");
      const effectId = z.string().parse(question.payload["effect_id"]);
      await runtime.command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "cancel" });
      await probe.until(runId, "canceled");
      await expect(resolve(runtime, runId, effectId, ADA)).rejects.toMatchObject({
        code: "forbidden",
        message: expect.stringContaining("group finance"),
      });
      const finance = { ...ADA, groups: ["finance"] };
      await expect(resolve(runtime, runId, effectId, finance)).rejects.toMatchObject({
        code: "forbidden",
        message: expect.stringContaining("2 people"),
      });
    });
  });
});

test("whom policy names is part of the policy that a run is started under", async () => {
  await under({ quorum: 2 }, async (runtime) => {
    const { runId } = await asks(runtime, "pay.send");
    const [created] = await probe.events(runId);
    const { rows } = await database.pool.query<{ quorum: number }>(
      `SELECT (document #>> '{approvals,confirmation,quorum}')::int AS quorum
       FROM policy_snapshots WHERE tenant_id = $1 AND policy_hash = $2`,
      [INLINE_TENANT, created?.payload["policy_hash"]],
    );
    expect(rows).toEqual([{ quorum: 2 }]);
  });
});
