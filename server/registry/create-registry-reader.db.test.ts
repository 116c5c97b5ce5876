import { uuidv7 } from "uuidv7";
import { beforeAll, expect, test } from "vitest";
import {
  BindingDetailSchema,
  CapabilityDetailSchema,
  ServiceDetailSchema,
  SkillPlanSchema,
  SkillDetailSchema,
} from "../api/registry-schemas.ts";
import type { RegistryReader } from "../api/registry-reader.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import { createRegistryReader } from "./create-registry-reader.ts";
import { createRegistryCatalogs } from "./registry-catalogs.ts";
import {
  bindingFile,
  capabilityFile,
  registryFiles,
  serviceFile,
  skillFile,
} from "./testing/registry-documents.ts";

const TENANT = "tnt_reader";
const IMPORTED_AT = "2026-01-02T03:04:05.678Z";

let database: TestDatabase;
let reader: RegistryReader;

beforeAll(async () => {
  database = await createTestDatabase();
  reader = createRegistryReader({
    database,
    catalogs: createRegistryCatalogs({ database, now: () => 0 }),
    now: () => new Date(IMPORTED_AT),
    makeId: (kind) => `${kind}_${uuidv7()}`,
    breakerOf: () => "half_open",
  });
  const examples = [{ description: "short", input: { text: "a" } }, { summary: "not one" }];
  const documents = [
    ...registryFiles(),
    capabilityFile({
      id: "text.memo.write",
      metadata: { tags: ["office"] },
      aliases: ["text.minute.write"],
    }),
    capabilityFile({
      id: "web.page.fetch",
      description: "Fetches a page.",
      properties: { side_effects: true },
    }),
    skillFile({ version: "1.10.0", metadata: { examples, status: "deprecated" }, unknown: 1 }),
  ];
  const first = await reader.importDocuments(TENANT, documents, {
    dryRun: false,
    actor: "usr_test",
  });
  expect(first.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  await reader.importDocuments(
    TENANT,
    [bindingFile({ operation: "better" }), serviceFile({ module: "better" })],
    {
      dryRun: false,
      actor: "usr_test",
    },
  );
  return database.drop;
});

async function idsOf(q?: string): Promise<string[]> {
  return (await reader.listCapabilities(TENANT, { q, limit: 50 })).items.map(({ id }) => id);
}

test("capabilities are listed by id, with what a list shows", async () => {
  const { items, next_cursor } = await reader.listCapabilities(TENANT, { limit: 50 });
  expect(items.map(({ id }) => id)).toEqual([
    "text.memo.write",
    "text.note.write",
    "web.page.fetch",
  ]);
  expect(next_cursor).toBeNull();
  expect(items[1]).toEqual({
    id: "text.note.write",
    version: "1.0.0",
    description: "Writes a note.",
    effect_class: "none",
    deprecated: false,
    binding_count: 1,
    imported_at: IMPORTED_AT,
  });
  expect(items[2]?.effect_class).toBe("external_action");
});

test("a search finds words in any order and case, in ids, descriptions and tags", async () => {
  expect(await idsOf("WRITE text")).toEqual(["text.memo.write", "text.note.write"]);
  expect(await idsOf("fetches")).toEqual(["web.page.fetch"]);
  expect(await idsOf("office")).toEqual(["text.memo.write"]);
  expect(await idsOf("nothing like it")).toEqual([]);
});

test("pages follow each other without gap or repeat", async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.listCapabilities(TENANT, { limit: 1, cursor });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(["text.memo.write", "text.note.write", "web.page.fetch"]);
});

test("a cursor of another making is refused", async () => {
  await expect(reader.listSkills(TENANT, { limit: 1, cursor: "nonsense" })).rejects.toMatchObject({
    code: "invalid_request",
  });
});

test("one capability comes with its document, source, hash and default binding", async () => {
  const found = CapabilityDetailSchema.parse(
    await reader.getCapability(TENANT, "text.note.write", null),
  );
  expect(found).toMatchObject({
    default_binding_id: "native_note_write",
    document: { id: "text.note.write" },
    source: capabilityFile().content,
  });
  expect(found.content_hash).toMatch(/^[0-9a-f]{64}$/);
  expect((await reader.getCapability(TENANT, "text.minute.write", null)).id).toBe(
    "text.memo.write",
  );
});

test("one skill comes with its fields, examples and the diagnostics of its import", async () => {
  const found = SkillDetailSchema.parse(await reader.getSkill(TENANT, "text.note", null));
  expect(found).toMatchObject({
    version: "1.10.0",
    channel: "local",
    step_count: 1,
    deprecated: true,
    inputs: { text: { type: "string", required: true } },
    outputs: { note: { required: true } },
    examples: [{ description: "short", input: { text: "a" } }],
  });
  expect(found.diagnostics).toMatchObject([{ code: "unknown_key", severity: "warning" }]);
  expect((await reader.getSkill(TENANT, "text.note", "1.0.0")).deprecated).toBe(false);
});

test("versions come highest first, revisions newest first", async () => {
  const versions = await reader.listSkillVersions(TENANT, "text.note");
  expect(versions.map(({ version, deprecated }) => [version, deprecated])).toEqual([
    ["1.10.0", true],
    ["1.0.0", false],
  ]);
  expect(
    (await reader.listCapabilityVersions(TENANT, "text.note.write")).map(({ version }) => version),
  ).toEqual(["1.0.0"]);
  expect(
    (await reader.listBindingRevisions(TENANT, "native_note_write")).map(
      ({ revision }) => revision,
    ),
  ).toEqual([2, 1]);
  expect(
    (await reader.listServiceRevisions(TENANT, "notes")).map(({ revision }) => revision),
  ).toEqual([2, 1]);
});

test("a binding shows its latest revision or the one asked for", async () => {
  const latest = BindingDetailSchema.parse(
    await reader.getBinding(TENANT, "native_note_write", null),
  );
  expect(latest).toMatchObject({
    revision: 2,
    operation: "better",
    is_default: true,
    status: "stable",
  });
  expect(await reader.getBinding(TENANT, "native_note_write", 1)).toMatchObject({
    revision: 1,
    operation: "write_note",
  });
  expect((await reader.listBindings(TENANT, { limit: 50 })).items).toHaveLength(1);
});

test("a service shows where it points, how many bindings use it, and its breaker", async () => {
  const found = ServiceDetailSchema.parse(await reader.getService(TENANT, "notes", null));
  expect(found).toMatchObject({
    revision: 2,
    target: "better",
    binding_count: 1,
    breaker: "half_open",
    kind: "builtin",
  });
  expect((await reader.listServices(TENANT, { limit: 50 })).items).toHaveLength(1);
});

test("a skill's graph tells what each step reads and writes", async () => {
  expect(await reader.getSkillGraph(TENANT, "text.note", "1.0.0")).toMatchObject({
    skill_id: "text.note",
    skill_version: "1.0.0",
    steps: [
      {
        step_id: "write",
        uses: "text.note.write",
        kind: "capability",
        depends_on: [],
        reads: ["inputs.text"],
        writes: ["outputs.note"],
      },
    ],
  });
});

test("a skill's plan tells what may run side by side and what holds it up longest", async () => {
  const plan = SkillPlanSchema.parse(await reader.getSkillPlan(TENANT, "text.note", "1.0.0"));
  expect(plan).toMatchObject({
    skill_id: "text.note",
    step_count: 1,
    levels: [["write"]],
    critical_path: ["write"],
  });
});

test("what the tenant's registry does not have is not found, with what may have been meant", async () => {
  const calls = [
    () => reader.getCapability(TENANT, "text.note.wrote", null),
    () => reader.getCapability(TENANT, "text.note.write", "9.9.9"),
    () => reader.getSkill(TENANT, "text.none", null),
    () => reader.getSkill(TENANT, "text.note", "9.9.9"),
    () => reader.getBinding(TENANT, "nobody", null),
    () => reader.getBinding(TENANT, "native_note_write", 9),
    () => reader.getService(TENANT, "nobody", null),
    () => reader.listServiceRevisions(TENANT, "nobody"),
    () => reader.getSkill("tnt_other", "text.note", null),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "not_found" });
  await expect(reader.getCapability(TENANT, "text.note.wrote", null)).rejects.toMatchObject({
    hint: "Did you mean text.note.write?",
  });
});
