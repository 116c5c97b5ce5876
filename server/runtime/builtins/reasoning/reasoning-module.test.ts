import { expect, test } from "vitest";
import type { JsonObject } from "../../../../core/json.ts";
import { EVIDENCE_MODULE } from "../evidence/evidence-module.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { REASONING_MODULE } from "./reasoning-module.ts";

async function call(name: string, input: JsonObject): Promise<JsonObject> {
  const builtin = REASONING_MODULE[name] ?? EVIDENCE_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, makeBuiltinContext());
}

test("extract_risks quotes statements and names categories that nobody spoke of", async () => {
  const result = await call("extract_risks", {
    target: {
      plan: "A security breach is a risk for us.",
      note: "We assume that the team can handle it.",
      fix: "A pilot limits the damage.",
    },
  });
  expect(result).toMatchObject({
    risks: [{ category: "security", severity: "high" }],
    assumptions: ["note: We assume that the team can handle it."],
    mitigation_ideas: ["fix: A pilot limits the damage."],
    extraction_notes: expect.stringContaining("financial"),
  });
  expect(await call("extract_risks", { target: {} })).toMatchObject({
    risks: [],
    status: "partial",
  });
});

test("split_problem puts sentences into the frame of the strategy and reports gaps", async () => {
  const result = await call("split_problem", {
    problem: "The team lacks experience. Users complain about slow pages.",
    strategy: "stakeholders",
  });
  expect(result).toMatchObject({
    components: [
      { label: "Users and customers", description: "Users complain about slow pages." },
      { description: "The team lacks experience." },
      {},
      {},
    ],
  });
  expect(result["gaps"]).toContain("Nothing is said about: Outside parties.");
});

test("cluster_themes groups by wording, fills hints first, and loses no item", async () => {
  const items = [
    { id: "1", content: "invoice refund" },
    { id: "2", content: "refund invoice billing" },
    { id: "3", content: "login password error" },
    { id: "4", content: "" },
  ];
  expect(await call("cluster_themes", { items })).toMatchObject({
    clusters: [{ item_ids: ["1", "2"] }, { item_ids: ["3"] }],
    unclustered: ["4"],
  });
  expect(await call("cluster_themes", { items, hint_labels: ["password error"] })).toMatchObject({
    clusters: [{ theme: "password error", item_ids: ["3"] }, {}],
  });
});

test("generate_plan names capabilities for the verbs it knows, in a chain", async () => {
  const { plan, step_count: count } = await call("generate_plan", {
    objective: "Search the web and summarize what you find",
  });
  expect(plan).toMatchObject({
    steps: [
      { id: "s1", depends_on: [] },
      { capability: "web.source.search", depends_on: ["s1"] },
      { capability: "reasoning.content.summarize" },
      {},
    ],
  });
  expect(count).toBe(4);
  expect(await call("generate_plan", { objective: "Be happy" })).toMatchObject({
    status: "partial",
    step_count: 2,
  });
});

test.each([
  ["Checkout is down, fix it immediately", "critical"],
  ["I was charged twice", "medium"],
  ["No rush, whenever you like", "low"],
])("%s has priority %s", async (message, priority) => {
  expect(await call("classify_message_priority", { message })).toMatchObject({ priority });
  expect(await call("classify_task_priority", { task: { message } })).toMatchObject({ priority });
});

test("generate_output quotes, counts, copies, and names what nothing fills", async () => {
  const output_schema = {
    type: "object",
    properties: {
      summary: { type: "string" },
      coverage_ratio: { type: "number" },
      verdict: { type: "object", properties: { mood: { type: "string" } } },
      colour: { type: "string" },
      tags: { type: "array" },
    },
  };
  const result = await call("generate_output", {
    instruction: "x",
    context_items: [{ id: "a", content: "Cats purr.", colour: "red" }],
    output_schema,
  });
  expect(result).toMatchObject({
    output: {
      summary: "Cats purr.",
      coverage_ratio: 1,
      verdict: { mood: "" },
      colour: "red",
      tags: [],
    },
    status: "partial",
  });
  expect(result["warnings"]).toEqual(
    expect.arrayContaining([
      'Nothing in the context fills "tags"; it is empty.',
      'Nothing in the context fills "verdict.mood"; it is empty.',
    ]),
  );
});

test("generate_citation lists what the source does not give", async () => {
  expect(
    await call("generate_citation", {
      source: { title: "On Cats", authors: ["A", "B"] },
      locator: "p. 3",
    }),
  ).toMatchObject({
    citation: { text: "A, B, “On Cats”, p. 3", missing: ["date", "url"] },
    status: "partial",
  });
});

test("verify_claim wants the words, the numbers and the same negation", async () => {
  const claim = "Sales grew by 15 percent.";
  expect(
    await call("verify_claim", { claim, sources: ["In 2025 sales grew by 15 percent again."] }),
  ).toMatchObject({ verified: true });
  expect(
    await call("verify_claim", { claim, sources: ["In 2025 sales grew by 20 percent again."] }),
  ).toMatchObject({ verified: false, evidence: [] });
  expect(
    await call("verify_claim", { claim, sources: ["It is false that sales grew by 15 percent."] }),
  ).toMatchObject({ verified: false, evidence: [{ stance: "contradicts" }] });
});
