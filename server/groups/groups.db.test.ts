import { beforeAll, describe, expect, test } from "vitest";
import { PERMISSIONS } from "../../core/permissions.ts";
import { ApprovalSummarySchema } from "../api/approval-schemas.ts";
import { GroupAnswerSchema, GroupListSchema } from "../api/group-schemas.ts";
import { listOf } from "../api/list-schemas.ts";
import { MeSchema } from "../api/operation-schemas.ts";
import { refusal, startInlineApi, type InlineApi } from "../api/testing/start-inline-api.ts";
import { inlineCatalog } from "../runtime/testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun } from "../runtime/testing/inline-runtime.ts";

/** Groups of people, and questions that go to them. */

let api: InlineApi;
let boss: string;
let ada: string;
let bob: string;
const people = new Map<string, { user_id: string; email: string | null }>();
beforeAll(async () => {
  api = await startInlineApi({
    catalog: inlineCatalog({
      capabilities: [],
      skills: [
        {
          id: "test.pay",
          version: "1.0.0",
          name: "Pay",
          description: "Asks finance.",
          inputs: { who: {} },
          steps: [{ id: "pay", uses: "wait.approval", input: { approvers: "inputs.who" } }],
        },
      ],
    }),
  });
  boss = await api.addSession(INLINE_TENANT, "admin");
  ada = await api.addSession(INLINE_TENANT, "approver");
  bob = await api.addSession(INLINE_TENANT, "approver");
  for (const who of [boss, ada, bob])
    people.set(who, MeSchema.parse((await api.send(who, "/me")).answer).user);
  return api.close;
});

const idOf = (who: string) => people.get(who)?.user_id ?? "";
const emailOf = (who: string) => people.get(who)?.email ?? "";
const make = (name: string, members: string[], who = boss) =>
  api.send(who, "/groups", { name, members });
const set = (name: string, members: string[]) =>
  api.send(boss, `/groups/${encodeURIComponent(name)}/members`, { members });
const remove = (name: string) => api.send(boss, `/groups/${name}`, {}, "DELETE");

async function membersOf(name: string) {
  const { items } = GroupListSchema.parse((await api.send(ada, "/groups")).answer);
  return items.find((group) => group.name === name)?.members.map(({ user_id: id }) => id);
}

/** A question to a group, as the API lists it. */
async function asked(group: string) {
  const who = { groups: [group] };
  const { runId } = await startInlineRun(api.engine(), "test.pay", { who });
  await api.probe.until(runId, "waiting_for_human");
  const [approval] = listOf(ApprovalSummarySchema).parse(
    (await api.send(boss, `/runs/${runId}/approvals`)).answer,
  ).items;
  if (approval === undefined) expect.fail("nothing was asked");
  const { approval_id: id, payload_hash } = approval;
  return {
    runId,
    id,
    /** How many of this run's questions the person finds in their inbox. */
    inbox: async (person: string) => {
      const { answer } = await api.send(person, `/approvals?eligible=true&run_id=${runId}`);
      return listOf(ApprovalSummarySchema).parse(answer).items.length;
    },
    approve: (person: string) =>
      api.send(person, `/approvals/${id}/decide`, { decision: "approve", payload_hash }),
  };
}

describe("a group", () => {
  test("is made of people of the tenant, by id or e-mail address, listed, changed and removed", async () => {
    const made = await make("finance team", [idOf(ada), emailOf(bob).toUpperCase(), idOf(ada)]);
    expect(made.status).toBe(201);
    expect(GroupAnswerSchema.parse(made.answer).group.members).toHaveLength(2);
    expect((await set("finance team", [emailOf(ada)])).status).toBe(200);
    expect(await membersOf("finance team")).toEqual([idOf(ada)]);
    expect((await api.send(boss, "/groups/finance%20team", {}, "DELETE")).status).toBe(200);
    expect(await membersOf("finance team")).toBeUndefined();
    expect(await refusal(remove("finance"))).toEqual([404, "not_found"]);
    expect(await refusal(set("finance", []))).toEqual([404, "not_found"]);
  });

  test.each(["", " finance", "a/b", "a\u0000", "x".repeat(101)])(
    "is not called %j",
    async (name) => {
      expect(await refusal(make(name, []))).toEqual([400, "invalid_request"]);
    },
  );

  test("takes nobody who is not there, and its name once", async () => {
    expect(await refusal(make("ghosts", ["nobody@example.com"]))).toEqual([400, "invalid_request"]);
    expect(await membersOf("ghosts")).toBeUndefined();
    await make("once", []);
    expect(await refusal(make("once", []))).toEqual([400, "invalid_request"]);
  });

  test("is made by administrators, and seen by its own tenant", async () => {
    expect(await refusal(make("mine", [], ada))).toEqual([403, "forbidden"]);
    await make("ours", [idOf(ada)]);
    await api.addTenant("other");
    const stranger = await api.addKey("other", PERMISSIONS);
    expect((await api.send(stranger, "/groups")).answer).toEqual({ items: [] });
    expect(await refusal(api.send(stranger, "/groups/ours/members", { members: [] }))).toEqual([
      404,
      "not_found",
    ]);
    expect(await refusal(api.send(stranger, "/groups/ours", {}, "DELETE"))).toEqual([
      404,
      "not_found",
    ]);
    const taken = api.send(stranger, "/groups", { name: "theirs", members: [idOf(ada)] });
    expect(await refusal(taken)).toEqual([400, "invalid_request"]);
  });
});

describe("a question to a group", () => {
  test("is in the inbox of its members, who decide it, and of nobody else", async () => {
    await make("finance", [idOf(ada)]);
    const question = await asked("finance");
    expect(await question.inbox(ada)).toBe(1);
    expect(await question.inbox(bob)).toBe(0);
    expect(await question.inbox(boss)).toBe(0);
    expect(await refusal(question.approve(bob))).toEqual([403, "forbidden"]);
    expect((await question.approve(ada)).status).toBe(200);
    await api.probe.until(question.runId, "completed");
  });

  test("goes to who joins while it waits, and no longer to who leaves", async () => {
    await make("support", [idOf(ada)]);
    const question = await asked("support");
    await set("support", [idOf(bob)]);
    expect(await question.inbox(ada)).toBe(0);
    expect(await refusal(question.approve(ada))).toEqual([403, "forbidden"]);
    expect((await question.approve(bob)).status).toBe(200);
  });

  test("lets nobody in when its group is removed, and can be given to others", async () => {
    await make("legal", [idOf(ada)]);
    const question = await asked("legal");
    await remove("legal");
    for (const person of [ada, bob, boss]) {
      expect(await question.inbox(person)).toBe(0);
      expect(await refusal(question.approve(person))).toEqual([403, "forbidden"]);
    }
    const path = `/approvals/${question.id}/reassign`;
    expect(await refusal(api.send(boss, path, { groups: ["legal"] }))).toEqual([
      400,
      "invalid_request",
    ]);
    expect((await api.send(boss, path, { users: [emailOf(bob)] })).status).toBe(200);
    expect((await question.approve(bob)).status).toBe(200);
  });

  test("lets nobody in when its only member is removed, who is signed in no longer", async () => {
    const dan = await api.addSession(INLINE_TENANT, "approver");
    const { user_id: id } = MeSchema.parse((await api.send(dan, "/me")).answer).user;
    await make("sales", [id]);
    const question = await asked("sales");
    expect(await question.inbox(dan)).toBe(1);
    await api.database.prisma.user.delete({ where: { id } });
    expect(await refusal(question.approve(dan))).toEqual([401, "unauthorized"]);
    expect(await refusal(question.approve(ada))).toEqual([403, "forbidden"]);
    expect(await membersOf("sales")).toEqual([]);
  });
});
