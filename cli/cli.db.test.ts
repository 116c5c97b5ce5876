import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "tar";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createTestDatabase } from "../server/database/test-database.ts";
import { REGISTRY_FILES, writeFiles } from "./testing/registry-files.ts";
import { type OrcaProcess, startOrca } from "./testing/run-orca.ts";
import { startServer, type TestServer } from "./testing/start-server.ts";

let server: TestServer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orca-registry-"));
  writeFiles(folder, REGISTRY_FILES);
  const database = await createTestDatabase();
  server = await startServer(database.connectionString);
  await orca(["import", folder]);
  return async () => {
    await server.dispose();
    await database.drop();
  };
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const start = (args: string[], env: Record<string, string> = {}, stdin?: string) =>
  startOrca(args, {
    cwd: folder,
    env: { ORCA_URL: server.url, ORCA_API_KEY: server.apiKey, ...env },
    ...(stdin === undefined ? {} : { stdin }),
  });
const orca = (args: string[], env?: Record<string, string>, stdin?: string) =>
  start(args, env, stdin).ended;

const CHARGING = `
id: letter.charge
version: 1.0.0
name: Charge
description: Charges, mails and waits.
inputs:
  name: { type: string, required: true }
outputs: {}
steps:
  - id: charge
    uses: payment.charge.create
    input: { customer: inputs.name, amount_cents: 5, currency: EUR, reference: a letter }
  - { id: mail, uses: email.message.send, input: { to: a@example.com, subject: A letter, body: inputs.name } }
  - { id: wait, uses: wait.signal, input: { name: go } }
`;

const Run = z.looseObject({ run_id: z.string(), status: z.string(), head_sequence: z.int() });
const RunAnswer = z.object({ run: Run });
const Newest = z.object({ items: z.array(Run) });
const Event = z.looseObject({ sequence: z.int(), event_type: z.string() });
const json = <T>(text: string, schema: z.ZodType<T>) => schema.parse(JSON.parse(text));
const eventLines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => json(line, Event));
const sequencesUpTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

async function startRun(skill: string, ...args: string[]): Promise<string> {
  const { code, out } = await orca(["run", skill, "--set", "name=Ada", ...args]);
  expect(code).toBe(0);
  expect(out).toMatch(/^run_[0-9a-z]+\n$/);
  return out.trim();
}
const seen = (process: OrcaProcess, text: string) =>
  expect.poll(() => `${process.out()}${process.err()}`, { timeout: 30_000 }).toContain(text);

describe("orca pack and orca replay", () => {
  test("save a run that the server ran, find it whole and identical, and refuse to bring it in twice", async () => {
    const runId = await startRun("letter.greet");
    await orca(["runs", "watch", runId]);
    const file = `${runId}.orcapack.gz`;
    expect(await orca(["pack", runId])).toEqual({ code: 0, out: `${file}\n`, err: "" });
    expect(await orca(["pack", runId])).toMatchObject({
      code: 2,
      err: expect.stringContaining("there is such a file already"),
    });
    const verified = await orca(["pack", "verify", file]);
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining("all as exported") });
    const replayed = await orca(["replay", file, "--offline"]);
    expect(replayed.out).toMatch(/^identical (\d+)\/\1\n$/);
    expect(await orca(["pack", "import", file])).toMatchObject({
      code: 3,
      err: expect.stringContaining(`There is a run ${runId} here already.`),
    });
    expect(await orca(["pack", "run_0unknown"])).toMatchObject({
      code: 3,
      err: expect.stringContaining("run_not_found"),
    });
  });
});

describe("orca import", () => {
  test("of a directory that is there already says so", async () => {
    expect(await orca(["import", folder])).toEqual({
      code: 0,
      out: "Everything is there already.\n",
      err: "",
    });
  });

  test("with --dry-run says what would come in, and brings in nothing", async () => {
    const next = mkdtempSync(join(tmpdir(), "orca-next-"));
    const skill = REGISTRY_FILES["skills/local/letter/greet/skill.yaml"] ?? "";
    writeFiles(next, {
      "skills/local/letter/greet/skill.yaml": skill.replace("version: 1.0.0", "version: 1.1.0"),
    });
    expect(await orca(["import", next, "--dry-run"])).toMatchObject({
      code: 0,
      out: "Would import 1 skill.\n",
    });
    expect((await orca(["skills", "get", "letter.greet@1.1.0"])).code).toBe(3);
    rmSync(next, { recursive: true });
  });

  test("of an archive is an import of what it holds", async () => {
    const archive = join(folder, "registry.tar.gz");
    await create({ gzip: true, cwd: folder, file: archive }, readdirSync(folder));
    const { code, out } = await orca(["import", archive, "--json"]);
    rmSync(archive);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      imported: { capabilities: 0, skills: 0, bindings: 0, services: 0, defaults: 0 },
      diagnostics: [],
    });
  });

  test("of documents with errors names each place, brings in nothing and exits with 1", async () => {
    const bad = mkdtempSync(join(tmpdir(), "orca-bad-"));
    writeFiles(bad, {
      "skills/local/letter/bad/skill.yaml":
        "id: letter.bad\nversion: 1.0.0\nname: Bad\ndescription: Uses what is not there.\nsteps:\n  - id: a\n    uses: no.such.thing\n",
    });
    const { code, out } = await orca(["import", bad]);
    expect(code).toBe(1);
    expect(out).toContain(
      `${join(bad, "skills/local/letter/bad/skill.yaml")}:7:11 error unknown_capability `,
    );
    expect(out).toMatch(/\nNothing was imported\. 1 error/);
    expect((await orca(["skills", "get", "letter.bad"])).code).toBe(3);
    rmSync(bad, { recursive: true });
  });
});

describe("orca run", () => {
  test("with --watch shows the steps, and its output is the outputs alone", async () => {
    const { code, out, err } = await orca(["run", "letter.greet", "-s", "name=Ada", "--watch"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ letter: "Dear Ada, farewell." });
    expect(err).toMatch(/✓ greet .*\(1\/2\)\n✓ close .*\(2\/2\)\n✓ completed in /);
    expect(err).toMatch(new RegExp(`${server.url}/runs/run_[0-9a-z]+\n$`));
  });

  test("with --wait is silent until the outputs, and takes its inputs from a pipe", async () => {
    const args = ["run", "letter.greet@1.0.0", "--input", "@-", "--env", "dev", "--wait"];
    const { code, out, err } = await orca(args, {}, '{"name": "Grace"}');
    expect({ code, outputs: JSON.parse(out) }).toEqual({
      code: 0,
      outputs: { letter: "Dear Grace, farewell." },
    });
    expect(err).not.toContain("✓ greet");
  });

  test("with --watch --json prints one event per line and the run at the end", async () => {
    const args = ["run", "letter.greet", "-s", "name=Ada", "--watch", "--json"];
    const { code, out, err } = await orca(args);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const lines = out.trim().split("\n");
    const { run } = json(lines.pop() ?? "", RunAnswer);
    expect(run.status).toBe("completed");
    expect(lines.map((line) => json(line, Event).sequence)).toEqual(
      sequencesUpTo(run.head_sequence),
    );
  });

  test("of a run that fails says why and exits with 1", async () => {
    const args = ["run", "letter.greet", "-s", "name=Ada", "-s", "template={{nobody}}", "--watch"];
    const { code, out, err } = await orca(args);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("✗ greet failed");
    expect(err).toContain("✗ failed in");
    expect(err).toContain("The template names nobody");
  });

  test("twice with one idempotency key starts one run", async () => {
    const first = await startRun("letter.greet", "--idempotency-key", "letter-1");
    expect(await startRun("letter.greet", "--idempotency-key", "letter-1")).toBe(first);
  });

  test("without a required input says which, and where to look", async () => {
    const { code, out, err } = await orca(["run", "letter.greet"]);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toMatch(/^orca: invalid_request: .*name/);
    expect(err).toContain("hint   See what it takes: orca skills get letter.greet\n");
    expect(err).toMatch(/trace {2}[0-9a-f]{32}\n$/);
  });

  test("with input that is not JSON names its place and asks nothing of the server", async () => {
    const { code, err } = await orca(["run", "letter.greet", "-i", '{"name": Ada}']);
    expect(code).toBe(2);
    expect(err).toBe(
      'orca: usage: --input:1:10 is not JSON.\n  1 | {"name": Ada}\n               ^\n',
    );
  });
});

describe("orca runs", () => {
  test("list finds runs by status, skill and attribute", async () => {
    const runId = await startRun("letter.ask", "--attr", "order=list");
    const found = ["runs", "list", "--attr", "order=list", "--skill", "letter.ask"];
    const { out } = await orca(found);
    const [titles, row, ...more] = out.trimEnd().split("\n");
    expect(titles).toMatch(/^RUN +SKILL +ENV +STATUS +AGE +TOOK$/);
    expect(row).toContain(runId);
    expect(more).toEqual([]);
    expect(await orca([...found, "--status", "failed"])).toEqual({
      code: 0,
      out: "",
      err: "No runs.\n",
    });
    const page = z.object({ items: z.array(Run), next_cursor: z.null() });
    expect(json((await orca([...found, "--json"])).out, page).items[0]?.run_id).toBe(runId);
    await orca(["cancel", runId]);
  });

  test("get shows inputs and outputs, steps what each step did", async () => {
    const { err } = await orca(["run", "letter.greet", "-s", "name=Ada", "--wait"]);
    const runId = /run_[0-9a-z]+/.exec(err)?.[0] ?? "";
    const got = await orca(["runs", "get", runId]);
    expect(got.out).toContain(`${runId}  completed\n`);
    expect(got.out).toContain('"letter": "Dear Ada, farewell."');
    const steps = (await orca(["runs", "steps", runId])).out;
    expect(steps).toMatch(
      /^STEP +STATUS +TOOK +TRIES +USES +NOTE\ngreet +completed .*\nclose +completed/,
    );
  });

  test("diff names the step at which two runs part, and with --step the fields", async () => {
    const greet = async (name: string) => {
      const { err } = await orca(["run", "letter.greet", "-s", `name=${name}`, "--wait"]);
      return /run_[0-9a-z]+/.exec(err)?.[0] ?? "";
    };
    const [ada, bob] = [await greet("Ada"), await greet("Bob")];
    const { code, out } = await orca(["diff", ada, bob]);
    expect(code).toBe(0);
    expect(out).toContain("They differ in inputs and outputs.");
    expect(out).toMatch(/\ngreet +completed +completed +input, output +← first divergence\n/);
    expect(out).toContain("The runs part at greet; 1 later step differs because of it.");
    const step = (await orca(["diff", ada, bob, "--step", "greet"])).out;
    expect(step).toMatch(/\n~ +input\.variables\.name +"Ada" +"Bob"\n/);
    const equal = await orca(["diff", ada, ada, "--json"]);
    expect(JSON.parse(equal.out)).toMatchObject({ first_divergence: null, totals: { equal: 2 } });
    expect(await orca(["diff", ada, "run_nobody"])).toMatchObject({ code: 3, out: "" });
  });

  test("events --json is one document with the whole history", async () => {
    const { err } = await orca(["run", "letter.greet", "-s", "name=Ada", "--wait"]);
    const id = /run_[0-9a-z]+/.exec(err)?.[0] ?? "";
    const document = z.object({ items: z.array(Event), next_cursor: z.null() });
    const { items } = json((await orca(["runs", "events", id, "--json"])).out, document);
    expect(items.map(({ sequence }) => sequence)).toEqual(sequencesUpTo(items.length));
    expect(items.map((event) => event.event_type)).toContain("run.completed");
    const later = (await orca(["runs", "events", id, "--after", "3"])).out.trim().split("\n");
    expect(later).toHaveLength(items.length - 3);
    expect(later[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z +4 {2}\w+\.\w+/);
  });

  test("signal lets a waiting run go on, and events --follow ends with it", async () => {
    const runId = await startRun("letter.ask");
    const following = start(["runs", "events", runId, "--follow", "--json"]);
    await seen(following, "run.waiting_for_signal");
    for (const name of ["approved", "sent"]) {
      const told = await orca(["runs", "signal", runId, name, "-p", '"Grace"']);
      expect(told).toMatchObject({ code: 0, out: expect.stringContaining(runId) });
    }
    const { code, out, err } = await following.ended;
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const events = eventLines(out);
    expect(events.map(({ sequence }) => sequence)).toEqual(sequencesUpTo(events.length));
  });

  test("pause and resume hold a run and let it go on", async () => {
    const runId = await startRun("letter.insist");
    const watching = start(["runs", "watch", runId]);
    await seen(watching, "fetch is tried again: upstream_failure");
    const paused = await orca(["runs", "pause", runId, "--reason", "lunch", "--json"]);
    expect(paused.code === 0 ? json(paused.out, RunAnswer).run.status : paused.err).toBe("paused");
    expect(await orca(["runs", "resume", runId, "--plan-hash", "old"])).toMatchObject({
      code: 3,
      err: expect.stringContaining("plan_outdated"),
    });
    const plan = await orca(["plan", runId, "--for", "resume"]);
    const hash = /--plan-hash (\S+)/.exec(plan.err)?.[1] ?? "";
    expect(await orca(["runs", "resume", runId, "--plan-hash", hash])).toMatchObject({
      code: 0,
      out: `${runId}  running\n`,
    });
    await orca(["cancel", runId]);
    expect((await watching.ended).err).toMatch(/paused\n.*resumed\n/);
  });

  test("cancel ends a run that is watched, whose watcher exits with 1", async () => {
    const watching = start(["run", "letter.ask", "-s", "name=Ada", "--watch"]);
    await seen(watching, "waits for the signal approved");
    const runId = /run_[0-9a-z]+/.exec(watching.err())?.[0] ?? "";
    expect(await orca(["cancel", runId, "--reason", "a mistake"])).toEqual({
      code: 0,
      out: `${runId}  canceled\n`,
      err: "",
    });
    expect(await watching.ended).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("– canceled in"),
    });
    const again = await orca(["cancel", runId]);
    expect(again).toMatchObject({ code: 3, err: expect.stringContaining("invalid_transition") });
  });

  test("cancel says what would be undone, undoes it, and the run tells", async () => {
    writeFiles(folder, { "skills/local/letter/charge/skill.yaml": CHARGING });
    await orca(["import", join(folder, "skills/local/letter/charge/skill.yaml")]);
    const runId = await startRun("letter.charge");
    const wait = start(["runs", "watch", runId]);
    await seen(wait, "waits for the signal go");
    const asked = await orca(["cancel", runId, "--dry-run"]);
    expect(asked).toMatchObject({ code: 0, err: "" });
    expect(asked.out).toBe(
      [
        "To undo: 1, the last first",
        "  · charge  payment.charge.create → payment.charge.refund",
        "Left standing: 1",
        "  ! mail  email.message.send: email.message.send has no compensation",
        "",
      ].join("\n"),
    );
    const canceled = await orca(["cancel", runId, "--compensate"]);
    expect(canceled).toMatchObject({ code: 0, out: expect.stringMatching(/Undone: [01] of 1/) });
    expect((await wait.ended).err).toContain("what it did outside was undone");
    const { out } = await orca(["runs", "get", runId]);
    expect(out).toMatch(/Undone +what it did outside was undone; left standing: email/);
    const { out: effects } = await orca(["effects", "--run", runId]);
    expect(effects).toMatch(/compensated +payment\.charge\.create +charge /);
    expect(effects).toMatch(/recorded +payment\.charge\.refund +charge#undo:1 /);
  });

  test("watch ended by Ctrl-C exits with 130 and leaves the run alone", async () => {
    const runId = await startRun("letter.ask");
    const watching = start(["runs", "watch", runId]);
    await seen(watching, "waits for the signal approved");
    watching.child.kill("SIGINT");
    const { code, err } = await watching.ended;
    expect(code).toBe(130);
    expect(err).toContain(`orca runs watch ${runId}`);
    const { out } = await orca(["runs", "get", runId, "--json"]);
    expect(json(out, Run).status).toBe("waiting_for_signal");
    await orca(["cancel", runId]);
  });
});

describe("orca approvals, approve and deny", () => {
  const one = z.looseObject({ approval_id: z.string(), status: z.string() });
  const pendingOf = async (runId: string) => {
    const { out } = await orca(["approvals", "--run", runId, "--mine", "--json"]);
    return json(out, z.object({ items: z.array(one), next_cursor: z.null() })).items;
  };

  test("show what is asked, and let the run go on with an edit", async () => {
    const watching = start(["run", "letter.decide", "--set", "amount=10", "--watch"]);
    await seen(watching, "pay waits for an approval by approver");
    const runId = /run_[0-9a-z]+/.exec(watching.err())?.[0] ?? "";
    const [asked] = await pendingOf(runId);
    const id = asked?.approval_id ?? "";
    expect(watching.err()).toContain(`orca approve ${id}`);
    const listed = await orca(["approvals", "--run", runId]);
    expect(listed.out).toMatch(/^APPROVAL +STATUS +RISK +DUE +STEP +REASON\n/);
    expect(listed.out).toMatch(/pending +medium +in [12] h.* letter\.decide\/pay +Pay it\?/);
    const shown = await orca(["approvals", id]);
    expect(shown.out).toContain('"amount": 10');
    expect(shown.out).toMatch(/Hash +sha256:jcs1:/);
    const outdated = await orca(["approve", id, "--hash", "sha256:old"]);
    expect(outdated).toMatchObject({ code: 3, err: expect.stringContaining("payload_changed") });
    const told = await orca([
      "approve",
      id,
      "-p",
      '{"amount":8,"token":null}',
      "--comment",
      "8 will do",
    ]);
    expect(told).toMatchObject({
      code: 0,
      out: expect.stringMatching(new RegExp(`^${id} +approved`)),
    });
    expect(await watching.ended).toMatchObject({ code: 0, out: expect.stringContaining("8") });
    expect(await orca(["approvals", "--run", runId])).toEqual({
      code: 0,
      out: "",
      err: "No pending approvals.\n",
    });
  });

  test("show a secret as a mask, which an edit may leave in its place", async () => {
    const secret = "tok-0f-the-b4nk";
    const runId = await startRun("letter.decide", "--set", "amount=10", "--set", `token=${secret}`);
    await expect.poll(() => pendingOf(runId)).toHaveLength(1);
    const id = (await pendingOf(runId))[0]?.approval_id ?? "";
    for (const flags of [[], ["--json"]]) {
      const { out } = await orca(["approvals", id, ...flags]);
      expect(out).toMatch(/"token": ?"\[redacted\]"/);
      expect(out).not.toContain(secret);
    }
    const edited = '{"amount":9,"token":"[redacted]"}';
    expect((await orca(["approve", id, "-p", edited])).code).toBe(0);
  });

  test("deny with a reason, which ends the run", async () => {
    const runId = await startRun("letter.decide", "--set", "amount=10");
    await expect.poll(() => pendingOf(runId)).toHaveLength(1);
    const [asked] = await pendingOf(runId);
    const id = asked?.approval_id ?? "";
    expect(await orca(["deny", id])).toMatchObject({ code: 2, out: "" });
    expect((await orca(["deny", id, "--reason", "too much"])).code).toBe(0);
    const { out } = await orca(["runs", "get", runId, "--json"]);
    expect(json(out, Run).status).toBe("canceled");
    const late = await orca(["approve", id]);
    expect(late).toMatchObject({ code: 3, err: expect.stringContaining("approval_not_pending") });
  });
});

describe("orca approvals push-back, reassign, claim and release", () => {
  const asked = async () => {
    const runId = await startRun("letter.decide", "--set", "amount=10");
    const list = z.object({ items: z.array(z.looseObject({ approval_id: z.string() })) });
    for (;;) {
      const { out } = await orca(["approvals", "--run", runId, "--json"]);
      const [approval] = json(out, list).items;
      if (approval !== undefined) return { runId, id: approval.approval_id };
    }
  };

  const answer = z.object({
    approval: z.looseObject({ claimed_by: z.unknown(), eligible: z.unknown() }),
  });

  test("give a question to others and take it on or leave it", async () => {
    const { id } = await asked();
    const claimed = await orca(["approvals", "claim", id, "--json"]);
    expect(json(claimed.out, answer).approval.claimed_by).not.toBeNull();
    const released = await orca(["approvals", "release", id, "--json"]);
    expect(json(released.out, answer).approval.claimed_by).toBeNull();
    const given = await orca(["approvals", "reassign", id, "--role", "operator", "--json"]);
    expect(json(given.out, answer).approval.eligible).toMatchObject({ roles: ["operator"] });
    expect(await orca(["approvals", "reassign", id])).toMatchObject({ code: 2 });
  });

  test("plan a push back before it is made", async () => {
    const { runId } = await asked();
    const planned = await orca(["plan", runId, "--for", "push-back", "--json"]);
    expect(json(planned.out, z.looseObject({ operation: z.string() }))).toMatchObject({
      operation: "push_back",
      plan_hash: expect.any(String),
    });
    expect((await orca(["plan", runId, "--for", "pushback"])).err).toContain(
      "expected replay, fork, resume, push-back",
    );
  });

  test("push it back only to a step that ran before it", async () => {
    const { id } = await asked();
    const push = ["approvals", "push-back", id, "--input", "note", "--comment", "less"];
    const told = await orca([...push, "--to", "pay"]);
    expect(told.err).toContain("Step pay is the one that asks");
  });
});

describe("orca groups", () => {
  test("are made of people, listed, changed and removed", async () => {
    const made = await orca(["groups", "create", "night shift"]);
    expect(made.out).toMatch(/night shift +0 +–/);
    expect((await orca(["groups"])).out).toContain("night shift");
    const unknown = await orca(["groups", "set", "night shift", "nobody@none.org"]);
    expect(unknown.err).toContain("There is no nobody@none.org in this tenant.");
    expect((await orca(["groups", "set", "night shift"])).code).toBe(0);
    expect((await orca(["groups", "remove", "night shift"])).err).toContain("is removed");
    expect((await orca(["groups"])).err).toBe("No groups.\n");
  });
});

describe("orca notices", () => {
  test("have channels added, listed, switched and removed", async () => {
    const url = "https://chat.invalid/hook";
    const added = await orca(["notices", "add-webhook", url, "--name", "chat"]);
    expect(added).toMatchObject({ code: 0, err: expect.stringContaining("whsec_") });
    const id = added.out.trim();
    const listed = await orca(["notices", "channels"]);
    expect(listed.out).toMatch(new RegExp(`${id} +chat +on +all +${url}`));
    expect(listed.out).not.toContain("whsec_");
    expect((await orca(["notices", "disable", id])).out).toMatch(/ off /);
    expect((await orca(["notices", "list", "--status", "dead"])).err).toBe("No notices.\n");
    expect(await orca(["notices", "test", id])).toMatchObject({
      code: 1,
      out: expect.stringContaining("not taken"),
    });
    expect((await orca(["notices", "redeliver", "--dead", "--channel", id])).out).toMatch(/^0 on/);
    expect((await orca(["notices", "redeliver"])).code).toBe(2);
    expect((await orca(["notices", "remove", id])).code).toBe(0);
    expect((await orca(["notices", "redeliver", "dlv_none"])).err).toContain("no delivery");
  });
});

describe("orca checkpoints and orca state", () => {
  const checkpoint = z.looseObject({
    checkpoint_id: z.string(),
    kind: z.string(),
    step_path: z.string().nullable(),
    pinned: z.boolean(),
  });
  const page = z.object({ items: z.array(checkpoint), next_cursor: z.null() });
  const ended = async () => {
    const { err } = await orca(["run", "letter.greet", "-s", "name=Ada", "--wait"]);
    return /run_[0-9a-z]+/.exec(err)?.[0] ?? "";
  };

  test("list where a run's state can be seen, and which of these places are pinned", async () => {
    const runId = await ended();
    const { out } = await orca(["checkpoints", runId]);
    expect(out).toMatch(
      /^CHECKPOINT +KIND +STEP +TIME\nchk_\w+_3 +run_started +– +\d{4}[^]*step_completed +greet +[^]*run_finished/,
    );
    expect(await orca(["checkpoints", runId, "--pinned"])).toEqual({
      code: 0,
      out: "",
      err: "No pinned checkpoints.\n",
    });
    const { items } = json((await orca(["checkpoints", runId, "--json"])).out, page);
    const greeted = items.find(({ step_path }) => step_path === "greet");
    await fetch(`${server.url}/api/v1/runs/${runId}/checkpoints/${greeted?.checkpoint_id}/pin`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.apiKey}` },
      body: "{}",
    });
    expect((await orca(["checkpoints", runId, "--pinned"])).out).toMatch(/ greet +\S+ +pinned\n$/);
  });

  test("show the state as of a checkpoint as JSON, and what changed there", async () => {
    const runId = await ended();
    const state = z.looseObject({ status: z.string(), outputs: z.looseObject({}) });
    const now = await orca(["state", runId]);
    expect(json(now.out, state)).toMatchObject({
      status: "completed",
      outputs: { letter: "Dear Ada, farewell." },
    });
    expect(now.out).toContain('\n  "status": "completed",\n');
    const { items } = json((await orca(["checkpoints", runId, "--json"])).out, page);
    const at = items.find(({ step_path }) => step_path === "close")?.checkpoint_id ?? "";
    const first = items[0]?.checkpoint_id ?? "";
    expect(json((await orca(["state", runId, "--at", first])).out, state).outputs).toEqual({});
    const changes = await orca(["state", runId, "--at", at, "--changes"]);
    expect(changes.out).toMatch(/\n\+ +outputs\.letter +21 +"Dear Ada, farewell\."\n/);
    expect(changes.err).toMatch(
      /^\d added, \d changed, 0 removed; the state went from \d+ to \d+ bytes\.\n$/,
    );
    const document = z.object({ checkpoint, items: z.array(z.looseObject({ path: z.string() })) });
    const told = await orca(["state", runId, "--at", at, "--changes", "--json"]);
    expect(json(told.out, document.loose()).checkpoint.checkpoint_id).toBe(at);
  });

  test("of a checkpoint that is not there say so", async () => {
    const { code, out, err } = await orca(["state", await ended(), "--at", "chk_0_1"]);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toMatch(/^orca: checkpoint_not_found: [^]*hint +List .*orca checkpoints run_/);
  });
});

describe("orca skills and orca status", () => {
  test("say what can be run, and with which inputs", async () => {
    const { out } = await orca(["skills", "list", "--search", "letter.greet"]);
    expect(out).toMatch(/^SKILL +VERSION +STEPS +DESCRIPTION\nletter\.greet +1\.0\.0 +2 +Greets/);
    const skill = (await orca(["skills", "get", "letter.greet"])).out;
    expect(skill).toMatch(/\nname +string +required +Whom to greet\.\n/);
    expect(skill).toContain(`orca run letter.greet --watch --input '{"name":"Ada"}'\n`);
  });

  test("say that the server is ready, and who works", async () => {
    const { code, out } = await orca(["status", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ url: server.url, is_ready: true, checks: {} });
    expect((await orca(["status"])).out).toMatch(/ready\n[^]*WORKER[^]*alive\n$/);
  });
});

/** A capability whose service hangs up on whoever asks. */
const doubtfulFiles = (port: number) => ({
  "capabilities/letter.letter.post.yaml": `
id: letter.letter.post
version: 1.0.0
description: Posts a letter.
inputs: { name: { type: string, required: true } }
outputs: { stamp: { type: string, required: true } }
effect: { class: external_action }
`,
  "services/local/post_office.yaml": `
id: post_office
kind: openapi
base_url: http://127.0.0.1:${port}
`,
  "bindings/local/letter.letter.post/post.yaml": `
id: letter_post
capability: letter.letter.post
service: post_office
protocol: openapi
operation: letters
request: { name: input.name }
response: { stamp: response.stamp }
metadata: { retry_count: 0 }
`,
  "skills/local/letter/post/skill.yaml": `
id: letter.post
version: 1.0.0
name: Post
description: Posts somebody's letter.
inputs:
  name: { type: string, required: true }
steps:
  - { id: post, uses: letter.letter.post, input: { name: inputs.name } }
`,
});

describe("orca plan, replay and fork", () => {
  test("say what a replay would do, do that as a new run, and keep a fork until it is resumed", async () => {
    writeFiles(folder, {
      "skills/local/letter/file/skill.yaml": `
id: letter.file
version: 1.0.0
name: File
description: Keeps somebody's letter and looks at it.
inputs:
  name: { type: string, required: true }
outputs: { language: { type: string } }
steps:
  - { id: keep, uses: memory.record.store, input: { namespace: files, record: { id: inputs.name } } }
  - { id: look, uses: perception.language.detect, input: { text: inputs.name }, output: { language: outputs.language } }
`,
    });
    await orca(["import", join(folder, "skills/local/letter/file/skill.yaml")]);
    const runId = await startRun("letter.file");
    const outputs = (await orca(["runs", "watch", runId])).out;

    const plan = await orca(["plan", runId, "--step", "keep"]);
    expect(plan).toMatchObject({
      code: 0,
      out: expect.stringMatching(/keep +reuse +eff_[^]*look +run again[^]*\n1 reused, 1 run again/),
    });
    const edited = await orca(["plan", runId, "--step", "keep", "--set", "name=Bob"]);
    expect(edited.out).toMatch(/keep +blocked +eff_/);

    const replay = await orca(["replay", runId, "--step", "keep", "--wait"]);
    expect(replay).toMatchObject({ code: 0, out: outputs });
    const newest = json((await orca(["runs", "list", "--limit", "1", "--json"])).out, Newest);
    const replayId = newest.items[0]?.run_id ?? "";
    expect(replayId).not.toBe(runId);
    expect((await orca(["effects", "--run", replayId])).out).toMatch(/reused +memory\.record/);

    const fork = await orca(["fork", runId, "--step", "look"]);
    expect(fork).toMatchObject({ code: 0, err: expect.stringContaining("orca resume run_") });
    const forkId = fork.out.trim();
    expect((await orca(["runs", "get", forkId])).out).toMatch(/^run_\w+ +pending/);
    expect((await orca(["resume", forkId])).code).toBe(0);
    expect(await orca(["runs", "watch", forkId])).toMatchObject({ code: 0, out: outputs });
    const refused = await orca(["resume", forkId]);
    expect(refused).toMatchObject({
      code: 3,
      err: expect.stringMatching(/invalid_transition[^]*replay it or start a new run/),
    });
  });
});

describe("orca effects", () => {
  test("finds what a run did outside by run, target and request, and shows one of them", async () => {
    const home = mkdtempSync(join(tmpdir(), "orca-effects-"));
    writeFiles(home, {
      "skills/local/letter/keep/skill.yaml": `
id: letter.keep
version: 1.0.0
name: Keep
description: Keeps somebody's letter.
inputs:
  name: { type: string, required: true }
steps:
  - id: keep
    uses: memory.record.store
    input: { namespace: letters, record: { id: inputs.name } }
`,
    });
    expect((await orca(["import", home])).code).toBe(0);
    rmSync(home, { recursive: true });
    const runId = await startRun("letter.keep");
    await orca(["runs", "watch", runId]);

    const ofRun = await orca(["effects", "--run", runId]);
    expect(ofRun.out).toMatch(
      /^EFFECT +STATUS[^\n]+\neff_\w+ +recorded +memory\.record\.store +keep /,
    );
    const effectId = /eff_\w+/.exec(ofRun.out)?.[0] ?? "";
    const search = (...args: string[]) =>
      orca(["effects", "--capability", "memory.record.store", ...args]);
    await expect
      .poll(async () => (await search("--request", "record.id=Ada")).out, { timeout: 5_000 })
      .toContain(effectId);
    expect(await search("--request", "record.id=Bob")).toMatchObject({
      code: 0,
      err: "No effects.\n",
    });
    expect(JSON.parse((await search("--run", runId, "--json")).out)).toMatchObject({
      items: [{ effect_id: effectId, run_id: runId }],
      next_cursor: null,
    });
    const one = await orca(["effects", "get", effectId]);
    expect(one.out).toMatch(/^eff_\w+ {2}recorded\n[^]*\nRequest\n[^]*"id": "Ada"[^]*\nResult\n/);
  });

  test("in doubt are settled with the result that somebody has seen", async () => {
    const silent = createServer((request) => void request.socket.destroy());
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const home = mkdtempSync(join(tmpdir(), "orca-doubt-"));
    writeFiles(home, doubtfulFiles(port));
    expect((await orca(["import", home])).code).toBe(0);
    rmSync(home, { recursive: true });
    const runId = await startRun("letter.post");
    const listed = async () => (await orca(["effects", "--run", runId])).out;
    await expect.poll(listed, { timeout: 30_000 }).toContain("in_doubt");
    silent.close();
    const effectId = /eff_\w+/.exec(await listed())?.[0] ?? "";
    const resolve = (...args: string[]) => orca(["effects", "resolve", effectId, ...args]);
    expect(await resolve("--happened", "--result", '{"stamp":7}')).toMatchObject({
      code: 3,
      err: expect.stringContaining("result.stamp"),
    });
    expect(await resolve("--happened", "--result", '{"stamp":"s-1"}')).toMatchObject({
      code: 0,
      out: expect.stringMatching(new RegExp(`^${effectId} +recorded`)),
    });
    expect((await orca(["runs", "watch", runId])).code).toBe(0);
    expect((await orca(["effects", "get", effectId])).out).toContain("said that it happened");
    expect(await resolve("--did-not-happen")).toMatchObject({
      code: 3,
      err: expect.stringContaining("invalid_transition"),
    });
  });

  test("say what they do not understand or find", async () => {
    expect(await orca(["effects", "--status", "lost"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("in_doubt"),
    });
    expect(await orca(["effects", "get", "eff_0_1"])).toMatchObject({
      code: 3,
      err: expect.stringContaining("There is no effect eff_0_1."),
    });
  });
});

describe("a call that cannot succeed", () => {
  test.each([
    ["without a key", "", "Set ORCA_API_KEY"],
    ["with a wrong key", "orca_wrong_but_long_enough_to_be_one", "The key is unknown"],
  ])("%s exits with 3 and says what to do", async (_, key, hint) => {
    const { code, out, err } = await orca(["runs", "list"], { ORCA_API_KEY: key });
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toMatch(/^orca: unauthorized: /);
    expect(err).toContain(hint);
  });

  test("for a run that is not there exits with 3, with --json as a document", async () => {
    const { code, out, err } = await orca(["runs", "get", "run_0", "--json"]);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(JSON.parse(err)).toMatchObject({ error: { code: "run_not_found" } });
  });
});

describe("a server that goes away", () => {
  test("is followed across a stop and a kill without gap or duplicate", async () => {
    const runId = await startRun("letter.ask");
    const following = start(["runs", "events", runId, "--follow", "--json"]);
    const watching = start(["runs", "watch", runId]);
    await seen(following, "run.waiting_for_signal");
    await seen(watching, "waits for the signal");

    await server.stop();
    await seen(following, "Connection lost");
    const down = await orca(["runs", "list"]);
    expect(down).toMatchObject({ code: 4, out: "" });
    expect(down.err).toBe(
      `orca: unavailable: No server answers at ${server.url} (connection refused).\n` +
        "  hint   Start one with `orca server`, or name yours with --url or ORCA_URL.\n",
    );
    await server.start();
    await seen(following, "Connected again.");
    await orca(["runs", "signal", runId, "approved", "-p", '"Grace"']);
    await seen(watching, "waits for the signal sent");

    await server.kill();
    await server.start();
    expect((await orca(["runs", "signal", runId, "sent"])).code).toBe(0);

    const { code, out } = await following.ended;
    expect(code).toBe(0);
    const events = eventLines(out);
    expect(events.map(({ sequence }) => sequence)).toEqual(sequencesUpTo(events.length));
    expect(events.map((event) => event.event_type)).toContain("run.completed");
    const watched = await watching.ended;
    expect(watched.code).toBe(0);
    expect(JSON.parse(watched.out)).toEqual({ letter: "Dear Ada,", by: "Grace" });
  }, 180_000);
});
