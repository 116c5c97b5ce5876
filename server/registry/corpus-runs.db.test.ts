import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseDocument } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../core/json.ts";
import { SkillSchema, type Skill } from "../../core/skill.ts";
import { makePdf } from "../runtime/builtins/testing/make-pdf.ts";
import {
  answerJson,
  startLoopbackServer,
  type LoopbackServer,
} from "../runtime/invokers/testing/loopback-server.ts";
import { DEFAULT_TENANT_ID } from "../seed.ts";
import { makePng, makeWav } from "../testing/media-samples.ts";
import { openTestContainer, type TestContainer } from "../testing/open-test-container.ts";
import { readDirectory } from "./read-directory.ts";
import { skillExamplesOf } from "./skill-examples.ts";
import { findCorpus } from "./testing/corpus.ts";
import { corpusInputs, isOfType } from "./testing/corpus-inputs.ts";

const corpus = findCorpus();
const EXECUTABLE = path.join(corpus ?? "", "executable");
const SHIPPED = path.join(import.meta.dirname, "..", "..", "registry");
let orca: TestContainer;

/** A tenant that has the shipped registry too, as every new installation, and one that has nothing else. */
const BESIDE = DEFAULT_TENANT_ID;
const ALONE = "alone";
const WEB: [string, JsonObject][] = [
  ["web.fetch-summary", {}],
  ["web.fetch-classify", {}],
  ["web.page-chunk-and-embed", {}],
  ["web.search-summary", {}],
  ["research.generate-briefing", { mode: "quick" }],
  ["research.generate-briefing", { mode: "deep" }],
];

async function readSkills(directory: string): Promise<Skill[]> {
  const skills = (await readDirectory(directory))
    .filter((document) => document.path.endsWith("skill.yaml"))
    .map(({ content }) => SkillSchema.parse(parseDocument(content).toJS()));
  // What one skill stores, another looks up.
  const isReader = ({ id }: Skill) => Number(id.includes("retrieve"));
  return skills.sort((a, b) => isReader(a) - isReader(b) || a.id.localeCompare(b.id));
}

const PAGE = `<html><head><title>Harbour</title></head><body><h1>Harbour news</h1>
<p>The harbour of Trieste opens again on Monday. Boats may return in the morning.</p>
<p>The city expects 200 boats in the first week. Delays are a risk if the wind stays strong.</p></body></html>`;

/**
 * What the capabilities promise for an output that a skill hands through. Seven required outputs of the corpus declare
 * another type than the capability that fills them (an `object` for the number of eval.output.score, say); no runtime can
 * keep both, and the capability's contract is the one that is enforced.
 */
async function sourceTypes(tenantId: string, skill: Skill, output: string) {
  const catalog = await orca.container.catalogs.getCatalog(tenantId);
  return skill.steps.flatMap((step) => {
    const [source] = Object.entries(step.output).find(([, to]) => to === `outputs.${output}`) ?? [];
    const field = catalog.capability(step.uses)?.capability.outputs[source ?? ""];
    return field?.type === undefined ? [] : [field.type];
  });
}

/** A page and a search service in one, which only this machine can reach. */
function startWeb(): Promise<LoopbackServer> {
  return startLoopbackServer((request, response) => {
    const base = `http://${String(request.headers["host"])}`;
    const { pathname, searchParams } = new URL(request.path, base);
    if (pathname !== "/search") {
      response.setHeader("content-type", "text/html").end(PAGE);
      return;
    }
    const results = [1, 2, 3].map((n) => ({
      url: `${base}/page?n=${n}`,
      title: `${searchParams.get("q") ?? ""} ${n}`,
      snippet: "The harbour opens again on Monday.",
    }));
    answerJson(response, { results });
  });
}

describe.runIf(corpus !== null)(
  "the 37 skills of the ORCA registry, through their own bindings",
  async () => {
    const skills = corpus === null ? [] : await readSkills(EXECUTABLE);
    const shippedExamples = (await readSkills(SHIPPED)).flatMap((skill) =>
      skillExamplesOf(skill.metadata).map(
        ({ description, input }) => [skill.id, description, skill, input] as const,
      ),
    );
    let web: LoopbackServer;
    let places: JsonObject;

    beforeAll(async () => {
      web = await startWeb();
      orca = await openTestContainer({ ORCA_SEARCH_URL: `${web.url}/search` });
      places = {
        url: `${web.url}/page`,
        path: "report.pdf",
        audio: makeWav().toString("base64"),
        image: makePng().toString("base64"),
      };
      const { prisma } = orca.container.database;
      const createdAt = new Date();
      await prisma.tenant.create({ data: { id: ALONE, name: "Alone", createdAt } });
      const settings = { allow_private_network: true };
      await prisma.environment.create({
        data: { tenantId: ALONE, name: "dev", settings, createdAt },
      });
      await orca.importDirectory(BESIDE, SHIPPED);
      for (const tenantId of [BESIDE, ALONE]) {
        const report = await orca.importDirectory(tenantId, EXECUTABLE);
        expect(report.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
        const files = orca.filesOf(tenantId, "dev");
        for (const file of ["report.pdf", "research/regulatory-analysis.pdf"]) {
          mkdirSync(path.dirname(path.join(files, file)), { recursive: true });
          writeFileSync(
            path.join(files, file),
            makePdf("Revenue grew by ten percent. Rules change."),
          );
        }
      }
    });
    afterAll(async () => {
      await orca.close();
      await web[Symbol.asyncDispose]();
    });

    test("there are 37 of them", () => {
      expect(skills).toHaveLength(37);
    });

    describe.each([
      ["imported alone", ALONE],
      ["imported beside the shipped registry", BESIDE],
    ])("%s", (_how, tenantId) => {
      test.each(skills.map((skill) => [skill.id, skill] as const))(
        "%s completes with every required output in its declared type",
        async (id, skill) => {
          const run = await orca.run(tenantId, "dev", id, corpusInputs(EXECUTABLE, skill, places));
          expect(run).toMatchObject({ status: "completed", error: null });
          for (const [name, { required, type }] of Object.entries(skill.outputs)) {
            const value = run.outputs?.[name];
            if (required) expect(value, name).not.toBeOneOf([undefined, null]);
            if (value === undefined || value === null) continue;
            const types = [type, ...(await sourceTypes(tenantId, skill, name))];
            expect(types, `${name}: ${JSON.stringify(value)}`).toSatisfy(() =>
              types.some((each) => each === undefined || isOfType(value, each)),
            );
          }
        },
      );
    });

    test.each(shippedExamples)(
      "beside it, the shipped %s completes its example: %s",
      async (id, _description, skill, input) => {
        const run = await orca.run(BESIDE, "dev", id, input);
        expect(run).toMatchObject({ status: "completed", error: null });
        const required = Object.keys(skill.outputs).filter((name) => skill.outputs[name]?.required);
        expect(Object.keys(run.outputs ?? {})).toEqual(expect.arrayContaining(required));
      },
    );

    test("a page's own words come back in its summary, and the hits of the search in the briefing", async () => {
      const page = await orca.run(BESIDE, "dev", "web.fetch-summary", { url: places["url"] ?? "" });
      expect(page.outputs?.["summary"]).toMatch(/harbour/i);
      const briefing = await orca.run(BESIDE, "dev", "research.generate-briefing", {
        query: "Trieste",
        mode: "deep",
      });
      expect(JSON.stringify(briefing.outputs?.["sources"])).toContain("Boats may return");
    });

    test.each(WEB)(
      "%s in an environment without a private network fails with upstream_failure (%o)",
      async (id, more) => {
        const run = await orca.run(BESIDE, "staging", id, {
          url: places["url"] ?? "",
          query: "Trieste",
          ...more,
        });
        expect(run).toMatchObject({ status: "failed", error: { code: "upstream_failure" } });
        expect(run.error?.message).toMatch(/private/);
        expect(run.error?.hint).toMatch(/environment/);
        expect(run.outputs).toEqual({});
      },
    );

    describe("with the web gone", () => {
      beforeAll(() => web[Symbol.asyncDispose]());

      test.each(WEB)("%s fails with upstream_failure (%o)", async (id, more) => {
        const run = await orca.run(BESIDE, "dev", id, {
          url: places["url"] ?? "",
          query: "Trieste",
          ...more,
        });
        expect(run).toMatchObject({ status: "failed", error: { code: "upstream_failure" } });
        expect(run.error?.message).toMatch(/could not be reached/);
        expect(run.outputs).toEqual({});
      });
    });
  },
);
