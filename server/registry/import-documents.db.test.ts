import { uuidv7 } from "uuidv7";
import { beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import { importDocuments, type ImportDeps } from "./import-documents.ts";
import { createRegistryCatalogs } from "./registry-catalogs.ts";
import type { SourceDocument } from "./read-document.ts";
import {
  bindingFile,
  capabilityFile,
  registryFiles,
  serviceFile,
  skillFile,
} from "./testing/registry-documents.ts";

let database: TestDatabase;
let deps: ImportDeps;

beforeAll(async () => {
  database = await createTestDatabase();
  deps = {
    database,
    now: () => new Date("2026-01-02T03:04:05.678Z"),
    makeId: (kind) => `${kind}_${uuidv7()}`,
  };
  return database.drop;
});

let tenants = 0;
function newTenant(): string {
  tenants += 1;
  return `tnt_${tenants}`;
}

async function importFor(tenantId: string, documents: SourceDocument[], dryRun = false) {
  return await importDocuments(deps, { tenantId, documents, dryRun, actor: "usr_test" });
}

async function countRows(tenantId: string) {
  const where = { tenantId };
  const { prisma } = database;
  return {
    capabilities: await prisma.capabilityVersion.count({ where }),
    skills: await prisma.skillVersion.count({ where }),
    bindings: await prisma.bindingRevision.count({ where }),
    services: await prisma.serviceRevision.count({ where }),
    defaults: await prisma.defaultSelection.count({ where }),
    imports: await prisma.registryImport.count({ where }),
    revision: (await prisma.registryHead.findUnique({ where }))?.revision ?? 0,
  };
}

const ONE_OF_EACH = { capabilities: 1, skills: 1, bindings: 1, services: 1, defaults: 1 };
const NOTHING = { capabilities: 0, skills: 0, bindings: 0, services: 0, defaults: 0 };

test("an import writes every document with its source, hash, channel and report", async () => {
  const tenantId = newTenant();
  const report = await importFor(tenantId, registryFiles());
  expect(report).toEqual({ imported: ONE_OF_EACH, diagnostics: [] });
  expect(await countRows(tenantId)).toEqual({
    ...ONE_OF_EACH,
    imports: 1,
    revision: 1,
  });
  const skill = await database.prisma.skillVersion.findFirstOrThrow({ where: { tenantId } });
  expect(skill).toMatchObject({
    skillId: "text.note",
    version: "1.0.0",
    channel: "local",
    source: skillFile().content,
  });
  expect(skill.contentHash).toMatch(/^[0-9a-f]{64}$/);
  const kept = await database.prisma.registryImport.findFirstOrThrow({ where: { tenantId } });
  expect(kept).toMatchObject({ actor: "usr_test", report });
});

test("the same content again writes nothing, even with other layout and comments", async () => {
  const tenantId = newTenant();
  await importFor(tenantId, registryFiles());
  const again = registryFiles().map(({ path, content }) => ({
    path,
    content: `# a comment\r\n${content.replaceAll("\n", "\r\n")}`,
  }));
  expect(await importFor(tenantId, again)).toEqual({ imported: NOTHING, diagnostics: [] });
  expect(await countRows(tenantId)).toEqual({
    ...ONE_OF_EACH,
    imports: 1,
    revision: 1,
  });
});

test("the same version with other content is refused, naming both hashes, and nothing else is written", async () => {
  const tenantId = newTenant();
  await importFor(tenantId, registryFiles());
  const { contentHash } = await database.prisma.capabilityVersion.findFirstOrThrow({
    where: { tenantId },
  });
  const report = await importFor(tenantId, [
    capabilityFile({ description: "Writes another note." }),
    serviceFile({ id: "other" }),
  ]);
  expect(report.imported).toEqual(NOTHING);
  expect(report.diagnostics).toMatchObject([
    {
      severity: "error",
      code: "version_conflict",
      path: "capabilities/text.note.write.yaml",
      line: 2,
      column: 10,
    },
  ]);
  const hashes = report.diagnostics[0]?.message.match(/[0-9a-f]{64}/g);
  expect(hashes?.[0]).toBe(contentHash);
  expect(hashes?.[1]).not.toBe(contentHash);
  expect(await countRows(tenantId)).toEqual({
    ...ONE_OF_EACH,
    imports: 1,
    revision: 1,
  });
});

test("another version of a skill stands beside the first one, and the latest is the highest, not the last", async () => {
  const tenantId = newTenant();
  await importFor(tenantId, registryFiles());
  await importFor(tenantId, [skillFile({ version: "1.10.0" })]);
  await importFor(tenantId, [skillFile({ version: "1.9.0" })]);
  const catalog = await createRegistryCatalogs({ database, now: () => 0 }).getCatalog(tenantId);
  expect(catalog.skill("text.note", null)?.skill.version).toBe("1.10.0");
  expect(catalog.skill("text.note", "1.0.0")?.skill.version).toBe("1.0.0");
  expect(catalog.skill("text.note", "2.0.0")).toBeNull();
});

test("other content of a binding or service becomes its next revision, and the old one stays", async () => {
  const tenantId = newTenant();
  await importFor(tenantId, registryFiles());
  const report = await importFor(tenantId, [
    bindingFile({ operation: "write_better" }),
    serviceFile({ module: "better" }),
  ]);
  expect(report).toEqual({ imported: { ...NOTHING, bindings: 1, services: 1 }, diagnostics: [] });
  const revisions = await database.prisma.bindingRevision.findMany({
    where: { tenantId },
    orderBy: { revision: "asc" },
  });
  expect(revisions.map(({ revision }) => revision)).toEqual([1, 2]);
  const catalog = await createRegistryCatalogs({ database, now: () => 0 }).getCatalog(tenantId);
  expect(catalog.binding("native_note_write")).toMatchObject({
    revision: 2,
    binding: { operation: "write_better" },
  });
  expect(catalog.service("notes")).toMatchObject({ revision: 2, service: { module: "better" } });
});

test("the database refuses to change a version or revision that was written", async () => {
  const tenantId = newTenant();
  await importFor(tenantId, registryFiles());
  const change = { where: { tenantId }, data: { source: "changed" } };
  const { prisma } = database;
  await expect(prisma.capabilityVersion.updateMany(change)).rejects.toThrow(/immutable/);
  await expect(prisma.skillVersion.updateMany(change)).rejects.toThrow(/immutable/);
  await expect(prisma.bindingRevision.updateMany(change)).rejects.toThrow(/immutable/);
  await expect(prisma.serviceRevision.updateMany(change)).rejects.toThrow(/immutable/);
});

test("a dry run tells what would be imported and writes nothing", async () => {
  const tenantId = newTenant();
  expect(await importFor(tenantId, registryFiles(), true)).toEqual({
    imported: ONE_OF_EACH,
    diagnostics: [],
  });
  expect(await countRows(tenantId)).toEqual({ ...NOTHING, imports: 0, revision: 0 });
});

test("one error anywhere keeps the whole import from being written", async () => {
  const tenantId = newTenant();
  const report = await importFor(tenantId, [
    ...registryFiles(),
    { path: "services/broken.yaml", content: "id: [" },
  ]);
  expect(report.imported).toEqual(NOTHING);
  expect(report.diagnostics).toMatchObject([
    { severity: "error", code: "yaml_syntax", path: "services/broken.yaml" },
  ]);
  expect(await countRows(tenantId)).toEqual({ ...NOTHING, imports: 0, revision: 0 });
});

test("imports of the same content at once all succeed, and it is written once", async () => {
  const tenantId = newTenant();
  const reports = await Promise.all(
    Array.from({ length: 6 }, () => importFor(tenantId, registryFiles())),
  );
  expect(reports.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
  expect(reports.map(({ imported }) => imported.skills).sort((a, b) => a - b)).toEqual([
    0, 0, 0, 0, 0, 1,
  ]);
  expect(await countRows(tenantId)).toEqual({
    ...ONE_OF_EACH,
    imports: 1,
    revision: 1,
  });
});

test("bindings imported at once with different content get different revisions", async () => {
  const tenantId = newTenant();
  await importFor(tenantId, registryFiles());
  await Promise.all(
    [1, 2, 3].map((n) => importFor(tenantId, [bindingFile({ operation: `write_${n}` })])),
  );
  const rows = await database.prisma.bindingRevision.findMany({ where: { tenantId } });
  expect(rows.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual([1, 2, 3, 4]);
});

test("a skill finds its capability in the registry, and not in another tenant's", async () => {
  const [mine, theirs] = [newTenant(), newTenant()];
  await importFor(mine, [capabilityFile()]);
  expect((await importFor(mine, [skillFile()])).diagnostics).toEqual([]);
  expect((await importFor(theirs, [skillFile()])).diagnostics).toMatchObject([
    { code: "unknown_capability" },
  ]);
});

test("a document keeps the order of its keys", async () => {
  const tenantId = newTenant();
  const inputs = {
    zulu: { type: "string" },
    text: { type: "string", required: true },
    alpha: { type: "string" },
  };
  await importFor(tenantId, [capabilityFile(), skillFile({ inputs })]);
  const catalog = await createRegistryCatalogs({ database, now: () => 0 }).getCatalog(tenantId);
  expect(Object.keys(catalog.skill("text.note", null)?.skill.inputs ?? {})).toEqual([
    "zulu",
    "text",
    "alpha",
  ]);
});

test("a default holds for every environment until one has its own", async () => {
  const tenantId = newTenant();
  await importFor(tenantId, [...registryFiles(), bindingFile({ id: "other_note_write" })]);
  const report = await importFor(tenantId, [
    {
      path: "prod/official_default_selection.yaml",
      content: "environment: prod\ndefaults:\n  text.note.write: other_note_write\n",
    },
  ]);
  expect(report.imported).toEqual({ ...NOTHING, defaults: 1 });
  const catalog = await createRegistryCatalogs({ database, now: () => 0 }).getCatalog(tenantId);
  expect(catalog.defaults("dev")).toEqual({ "text.note.write": "native_note_write" });
  expect(catalog.defaults("prod")).toEqual({ "text.note.write": "other_note_write" });
});

test("a default that takes the place of another one is said so, with its line, before and while it is imported", async () => {
  const tenantId = newTenant();
  await importFor(tenantId, [...registryFiles(), bindingFile({ id: "other_note_write" })]);
  const selection = {
    path: "official_default_selection.yaml",
    content: "defaults:\n  text.note.write: other_note_write\n",
  };
  const [diagnostic] = (await importFor(tenantId, [selection], true)).diagnostics;
  expect(diagnostic).toMatchObject({
    severity: "warning",
    code: "changed_default",
    path: selection.path,
    line: 2,
    message:
      "text.note.write was served by native_note_write; from this import on other_note_write serves it.",
  });
  expect((await importFor(tenantId, [selection])).diagnostics).toEqual([diagnostic]);
  expect((await importFor(tenantId, [selection])).diagnostics).toEqual([]);
});

test("more documents than an import may bring are refused before anything is read", async () => {
  const documents = Array.from({ length: 10_001 }, (_, index) => ({
    path: `services/${index}.yaml`,
    content: "",
  }));
  await expect(importFor(newTenant(), documents)).rejects.toMatchObject({
    code: "payload_too_large",
  });
});
