import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { JsonObjectSchema } from "../../../core/field.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../core/json.ts";
import { SkillSchema, type Skill } from "../../../core/skill.ts";
import { createTestDatabase, type TestDatabase } from "../../database/test-database.ts";
import { findCorpus } from "../../registry/testing/corpus.ts";
import { makePdf } from "./testing/make-pdf.ts";
import { startRegistryRuntime } from "./testing/start-registry-runtime.ts";

const corpus = findCorpus();
const EXECUTABLE = path.join(corpus ?? "", "executable");
const SHIPPED = path.resolve(import.meta.dirname, "../../../registry");
const WEB = [
  "web.fetch-summary",
  "web.fetch-classify",
  "web.page-chunk-and-embed",
  "web.search-summary",
  "research.generate-briefing",
];

const skills: Skill[] =
  corpus === null
    ? []
    : readdirSync(path.join(EXECUTABLE, "skills"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith("skill.yaml"))
        .map((file) =>
          SkillSchema.parse(
            parseDocument(readFileSync(path.join(EXECUTABLE, "skills", file), "utf8")).toJS(),
          ),
        );

/** A skill's sample input where the corpus has one, else what its own example gives under the right names, else a value of the field's type. */
function inputOf(skill: Skill, url: string): JsonObject {
  const sample = path.join(EXECUTABLE, "test_inputs", `${skill.id.replaceAll(/[.-]/g, "_")}.json`);
  if (existsSync(sample)) return JsonObjectSchema.parse(JSON.parse(readFileSync(sample, "utf8")));
  const listed = skill.metadata["examples"];
  const first: unknown = Array.isArray(listed) ? listed[0] : undefined;
  const example = isJsonObject(first) && isJsonObject(first["input"]) ? first["input"] : {};
  const known: JsonObject = {
    url,
    path: "report.pdf",
    audio: "standup.wav",
    image: "A red bicycle in the rain",
    target_language: "en",
    key: "note-1",
    ...(skill.id === "data.parse-and-validate" ? { text: '{"name": "Ada"}' } : {}),
  };
  const types: Record<string, Json> = {
    string: "Ada wrote to Bob in Paris. The plan may fail.",
    array: [],
    object: {},
    number: 64,
    integer: 64,
    boolean: true,
  };
  const fields = Object.entries(skill.inputs).flatMap(([name, field]): [string, Json][] => {
    const value =
      known[name] ?? example[name] ?? (field.required ? types[field.type ?? "string"] : undefined);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(fields);
}

const PAGE =
  "<html><head><title>Guide</title></head><body><p>Search engines index pages. Pages link to other pages. Links carry meaning.</p></body></html>";

let database: TestDatabase;
let sandboxDir: string;
let pages: ReturnType<typeof createServer>;
let base: string;
let runtime: Awaited<ReturnType<typeof startRegistryRuntime>>;

async function prepare(directories: readonly string[]): Promise<void> {
  database = await createTestDatabase();
  sandboxDir = await mkdtemp(path.join(tmpdir(), "orca-corpus-files-"));
  await writeFile(
    path.join(sandboxDir, "report.pdf"),
    makePdf("Quarterly report. Revenue grew by ten percent."),
  );
  await writeFile(path.join(sandboxDir, "standup.wav"), Buffer.alloc(64));
  await writeFile(
    path.join(sandboxDir, "standup.txt"),
    "Ada: the release is ready. Bob: tests are green.",
  );
  pages = createServer((request, response) => {
    const isSearch = request.url?.startsWith("/search") === true;
    response.writeHead(200, { "content-type": isSearch ? "application/json" : "text/html" });
    response.end(
      isSearch
        ? JSON.stringify({
            results: [
              { url: `${base}/guide`, title: "Guide", snippet: "Search engines index pages." },
            ],
          })
        : PAGE,
    );
  });
  await new Promise<void>((resolve) => pages.listen(0, "127.0.0.1", resolve));
  const address = pages.address();
  base = `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
  runtime = await startRegistryRuntime({
    database,
    directories,
    context: { sandbox: null, sandboxDir, searchUrl: `${base}/search` },
  });
}

if (corpus === null) {
  test("the ORCA corpus is not beside this checkout, so there are no skills of it to run", () => {
    expect(skills).toEqual([]);
  });
} else {
  describe.each([
    ["with its own bindings alone", [EXECUTABLE]],
    ["imported beside the shipped registry", [SHIPPED, EXECUTABLE]],
  ])("the ORCA registry, %s", (_name, directories) => {
    beforeAll(() => prepare(directories));
    afterAll(async () => {
      await runtime.stop();
      await new Promise((resolve) => pages.close(resolve));
      await database.drop();
      await rm(sandboxDir, { recursive: true, force: true });
    });

    test("there are 37", () => {
      expect(skills).toHaveLength(37);
    });

    test.each(skills.map((skill) => [skill.id, skill] as const))(
      "%s completes with every required output",
      async (id, skill) => {
        const run = await runtime.run(id, inputOf(skill, `${base}/guide`));
        expect(run.error).toBeNull();
        expect(run.status).toBe("completed");
        const required = Object.entries(skill.outputs)
          .filter(([, field]) => field.required)
          .map(([name]) => name);
        expect(Object.keys(run.outputs ?? {})).toEqual(expect.arrayContaining(required));
      },
    );

    test.each(WEB.filter((id) => id.startsWith("web.fetch") || id.startsWith("web.page")))(
      "%s fails with upstream_failure where the page cannot be reached",
      async (id) => {
        const run = await runtime.run(id, { url: "http://127.0.0.1:9/nothing" });
        expect(run).toMatchObject({ status: "failed", error: { code: "upstream_failure" } });
      },
    );
  });

  describe("without a search service", () => {
    test.each(["web.search-summary", "research.generate-briefing"])(
      "%s fails with upstream_failure",
      async (id) => {
        const own = await createTestDatabase();
        const offline = await startRegistryRuntime({
          database: own,
          directories: [SHIPPED, EXECUTABLE],
          context: { sandbox: null, sandboxDir: tmpdir(), searchUrl: null },
        });
        const run = await offline.run(id, { query: "durable workflows" });
        await offline.stop();
        await own.drop();
        expect(run).toMatchObject({ status: "failed", error: { code: "upstream_failure" } });
      },
    );
  });
}
