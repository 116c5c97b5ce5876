import { join } from "node:path";
import { uuidv7 } from "uuidv7";
import { beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import { importDocuments } from "./import-documents.ts";
import { readDirectory } from "./read-directory.ts";
import { createRegistryCatalogs } from "./registry-catalogs.ts";
import { findCorpus } from "./testing/corpus.ts";

const corpus = findCorpus();

describe.runIf(corpus !== null)("the corpus in a database", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    return database.drop;
  });

  async function importSet(set: string) {
    const deps = {
      database,
      now: () => new Date(),
      makeId: (kind: string) => `${kind}_${uuidv7()}`,
    };
    const documents = await readDirectory(join(corpus ?? "", set));
    return await importDocuments(deps, {
      tenantId: `tnt_${set}`,
      documents,
      dryRun: false,
      actor: "usr_test",
    });
  }

  test.each([
    ["executable", { capabilities: 141, skills: 37, bindings: 189, services: 43, defaults: 141 }],
    ["current", { capabilities: 184, skills: 40, bindings: 0, services: 0, defaults: 0 }],
  ])("%s is written whole, and a second time nothing is", async (set, imported) => {
    const first = await importSet(set);
    expect(first.imported).toEqual(imported);
    const again = await importSet(set);
    expect(new Set(Object.values(again.imported))).toEqual(new Set([0]));
    expect(again.diagnostics).toEqual(first.diagnostics);
    const catalog = await createRegistryCatalogs({ database, now: () => 0 }).getCatalog(
      `tnt_${set}`,
    );
    expect([catalog.capabilities.length, catalog.skills.length]).toEqual([
      imported.capabilities,
      imported.skills,
    ]);
  });
});
