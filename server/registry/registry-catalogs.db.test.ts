import { uuidv7 } from "uuidv7";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import { importDocuments } from "./import-documents.ts";
import {
  CATALOG_CHECK_INTERVAL_MS,
  createRegistryCatalogs,
  type RegistryCatalogs,
} from "./registry-catalogs.ts";
import type { SourceDocument } from "./read-document.ts";
import { capabilityFile, registryFiles, skillFile } from "./testing/registry-documents.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});

let tenantId: string;
let clock: number;
let here: RegistryCatalogs;
let elsewhere: RegistryCatalogs;
beforeEach(() => {
  tenantId = `tnt_${uuidv7()}`;
  clock = 1_000_000;
  here = createRegistryCatalogs({ database, now: () => clock });
  elsewhere = createRegistryCatalogs({ database, now: () => clock });
});

async function importHere(documents: SourceDocument[]): Promise<void> {
  const deps = {
    database,
    now: () => new Date(clock),
    makeId: (kind: string) => `${kind}_${uuidv7()}`,
    catalogs: here,
  };
  const report = await importDocuments(deps, {
    tenantId,
    documents,
    dryRun: false,
    actor: "usr_test",
  });
  expect(report.diagnostics).toEqual([]);
}

async function latest(catalogs: RegistryCatalogs, options = {}): Promise<string | undefined> {
  return (await catalogs.getCatalog(tenantId, options)).skill("text.note", null)?.skill.version;
}

test("a tenant without documents has an empty catalog", async () => {
  expect((await here.getCatalog(tenantId)).skills).toEqual([]);
});

test("the process that imported sees it at once", async () => {
  await importHere(registryFiles());
  expect(await latest(here)).toBe("1.0.0");
  await importHere([skillFile({ version: "1.1.0" })]);
  expect(await latest(here)).toBe("1.1.0");
});

test("another process sees it once the check interval is over, or when it asks for a fresh one", async () => {
  await importHere(registryFiles());
  expect(await latest(elsewhere)).toBe("1.0.0");
  await importHere([skillFile({ version: "1.1.0" })]);
  clock += CATALOG_CHECK_INTERVAL_MS - 1;
  expect(await latest(elsewhere)).toBe("1.0.0");
  clock += 1;
  expect(await latest(elsewhere)).toBe("1.1.0");
  await importHere([skillFile({ version: "1.2.0" })]);
  expect(await latest(elsewhere, { fresh: true })).toBe("1.2.0");
});

test("an unchanged registry is not read again", async () => {
  await importHere(registryFiles());
  const first = await here.getCatalog(tenantId);
  clock += CATALOG_CHECK_INTERVAL_MS;
  expect(await here.getCatalog(tenantId)).toBe(first);
});

test("callers at once share one catalog", async () => {
  await importHere(registryFiles());
  const catalogs = await Promise.all(
    Array.from({ length: 10 }, () => elsewhere.getCatalog(tenantId)),
  );
  expect(new Set(catalogs).size).toBe(1);
});

test("a catalog that was being read during an import does not hide it", async () => {
  await importHere(registryFiles());
  const [, seen] = await Promise.all([
    importHere([capabilityFile({ version: "2.0.0" })]),
    here.getCatalog(tenantId, { fresh: true }),
  ]);
  expect(seen.capability("text.note.write")).not.toBeNull();
  expect((await here.getCatalog(tenantId)).capability("text.note.write")?.capability.version).toBe(
    "2.0.0",
  );
});

test("tenants do not see each other's registries", async () => {
  await importHere(registryFiles());
  expect((await here.getCatalog(`${tenantId}_other`)).capability("text.note.write")).toBeNull();
});
