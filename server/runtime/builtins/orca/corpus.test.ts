import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import {
  compileRequestTemplate,
  compileResponseMapping,
} from "../../../../core/binding-mapping.ts";
import { BindingSchema, ServiceSchema, type Binding } from "../../../../core/binding.ts";
import { CapabilitySchema, type Capability } from "../../../../core/capability.ts";
import { JsonObjectSchema } from "../../../../core/field.ts";
import type { Json, JsonObject } from "../../../../core/json.ts";
import { SkillSchema } from "../../../../core/skill.ts";
import type { BuiltinContext } from "../builtin.ts";
import { IN_PROCESS_MCP_SERVERS } from "../mcp-servers.ts";
import { BUILTIN_MODULES } from "../modules.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { makePdf } from "../testing/make-pdf.ts";

const CORPUS = path.resolve(import.meta.dirname, "../../../../../shared/corpus/orca/executable");
const hasCorpus = existsSync(CORPUS);
const MANAGED = new Set(["status", "rationale", "trace_ref"]);

const readYaml = (file: string): unknown =>
  parseDocument(readFileSync(path.join(CORPUS, file), "utf8"), { strict: false }).toJS();
const filesBelow = (folder: string, name: RegExp) =>
  hasCorpus
    ? readdirSync(path.join(CORPUS, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => name.test(file))
        .map((file) => path.join(folder, file))
    : [];

const services = new Map(
  filesBelow("services", /^[^/]+\.yaml$/)
    .map((file) => ServiceSchema.parse(readYaml(file)))
    .map((service) => [service.id, service]),
);
const bindings = filesBelow("bindings", /\.yaml$/).map((file) =>
  BindingSchema.parse(readYaml(file)),
);
const native = bindings.filter((binding) => binding.protocol === "builtin");
const capabilities = new Map(
  filesBelow("capabilities", /^[a-z].*\.yaml$/)
    .map((file) => CapabilitySchema.parse(readYaml(file)))
    .map((capability) => [capability.id, capability]),
);
const skills = filesBelow("skills", /skill\.yaml$/).map((file) =>
  SkillSchema.parse(readYaml(file)),
);
const usedIds = new Set(skills.flatMap((skill) => skill.steps.map((step) => step.uses)));

const sandboxDir = mkdtempSync(path.join(tmpdir(), "orca-corpus-"));
writeFileSync(
  path.join(sandboxDir, "report.pdf"),
  makePdf("Quarterly report. Revenue grew by ten percent."),
);
writeFileSync(path.join(sandboxDir, "table.csv"), "name,score\nAda,92\nBob,78\n");
afterAll(() => rmSync(sandboxDir, { recursive: true, force: true }));

const PAGE =
  "<html><title>Guide</title><body><p>Search engines index pages. Pages link to pages.</p></body></html>";
const HITS = {
  results: [{ url: "http://pages.test/a", title: "Guide", snippet: "Search engines index pages." }],
};

function makeContext(): BuiltinContext {
  const answer = (type: string, body: string) => ({
    status: 200,
    headers: { "content-type": type },
    body: Buffer.from(body),
    url: "http://pages.test/a",
  });
  return makeBuiltinContext({
    sandboxDir,
    searchUrl: "http://search.test/search",
    fetch: async (url) =>
      url.startsWith("http://search.test")
        ? answer("application/json", JSON.stringify(HITS))
        : answer("text/html", PAGE),
  });
}

/** Plausible values for each input name; everything else gets one of its type. */
const SAMPLES: JsonObject = {
  path: "report.pdf",
  url: "https://pages.test/a",
  method: "GET",
  text: "Ada met Bob in Paris on 2026-01-02. Write to ada@example.com.",
  code: "print(2 + 3)",
  expression: "length",
  image: "a red bicycle",
  audio: "Ada: hello. Bob: hi.",
  video: "clip",
  scheduled_time: "2026-02-01T09:00:00Z",
  target_date: "2026-02-01",
  role_id: "viewer",
  size: "64x64",
  sort_by: ["name"],
  table: [{ name: "Ada", score: 92 }],
  aggregations: [{ column: "score", function: "avg" }],
  fallback_strategy: "skip",
  to: "ada@example.com",
  sources: [{ id: "s1", content: "The sky is blue." }],
  branches: [{ id: "a", match_expression: "x == 1" }],
  scored_options: [{ id: "a", label: "A", overall_score: 0.7 }],
  options: [{ id: "a", label: "A", description: "strong and cheap" }],
  schema: { type: "object" },
  output_schema: { type: "object", properties: { summary: { type: "string" } } },
  template: "Hello {{name}}",
  variables: { name: "Ada" },
  recurrence: "",
  key_field: "id",
  target_state: "in_progress",
  categories: ["low", "high"],
  labels: ["finance", "sport"],
  separator: " ",
  fields: [{ name: "email" }],
  agents: [{ id: "billing", description: "invoices" }],
  filters: {},
  condition: "x == 1",
  gate: { required_keys: ["a"] },
  constraint: { required_keys: ["a"] },
  json_text: "{}",
};

function inputFor(capability: Capability): JsonObject {
  const entries = Object.entries(capability.inputs).filter(
    ([name, field]) => field.required || Object.hasOwn(SAMPLES, name),
  );
  return Object.fromEntries(
    entries.map(([name, field]): [string, Json] => {
      const sample = SAMPLES[name];
      const types: Record<string, Json> = {
        string: "x",
        number: 1,
        integer: 32,
        boolean: true,
        array: [],
        object: {},
      };
      const isFitting =
        sample !== undefined &&
        (field.type === "array"
          ? Array.isArray(sample)
          : field.type === "object"
            ? typeof sample === "object" && !Array.isArray(sample)
            : typeof sample === field.type);
      return [name, isFitting ? sample : (types[field.type ?? "string"] ?? null)];
    }),
  );
}

const OVERRIDES: Readonly<Record<string, JsonObject>> = {
  "data.json.parse": { text: '{"a": 1}' },
  "table.sheet.read": { path: "table.csv" },
  "table.sheet.write": { path: "out.csv", table: [{ name: "Ada" }] },
  "fs.file.list": { path: "." },
  "fs.file.read": { path: "table.csv" },
  "fs.file.write": { path: "note.txt", content: "hello" },
  "integration.record.update": { connector_id: "local", record_id: "r1", fields: { a: 2 } },
  "task.case.update": { case_id: "c1", fields: { a: 2 } },
  "task.case.close": { case_id: "c1" },
  "table.row.filter": { table: [{ a: 1 }], condition: { a: 1 } },
};

/** These act through the sandbox service, which other tests start. */
const NEEDS_SANDBOX = new Set(["email.message.send"]);

async function runBinding(
  binding: Binding,
  input: JsonObject,
  context: BuiltinContext,
): Promise<JsonObject> {
  const module = BUILTIN_MODULES[services.get(binding.service)?.module ?? ""];
  const call = module?.[binding.operation];
  if (call === undefined) throw new Error(`no function for ${binding.id}`);
  const response = await call(compileRequestTemplate(binding.request).render(input), context);
  return compileResponseMapping(binding.response).apply(response);
}

function expectContract(capability: Capability, outputs: JsonObject): void {
  for (const [name, field] of Object.entries(capability.outputs)) {
    const value = outputs[name];
    if (MANAGED.has(name) && value === undefined) continue;
    if (field.required)
      expect(value, `${capability.id} output ${name}`).not.toBeOneOf([undefined, null]);
    if (value === undefined || value === null) continue;
    const type = Array.isArray(value) ? "array" : typeof value;
    expect(
      type === "number" && field.type === "integer" ? "integer" : type,
      `${capability.id} output ${name}`,
    ).toBe(field.type);
  }
}

if (hasCorpus) {
  describe("the ORCA registry's native bindings", () => {
    test("there is a function for each of the 141", () => {
      const missing = native.filter(
        (binding) =>
          BUILTIN_MODULES[services.get(binding.service)?.module ?? ""]?.[binding.operation] ===
          undefined,
      );
      expect(missing.map((binding) => binding.id)).toEqual([]);
      expect(native).toHaveLength(141);
    });

    test("there is a function for each in-process MCP binding", () => {
      const tools = bindings.filter((binding) => binding.protocol === "mcp");
      for (const binding of tools)
        expect(
          IN_PROCESS_MCP_SERVERS[
            JSON.stringify(services.get(binding.service)?.server).slice(1, -1)
          ]?.[binding.operation],
        ).toBeDefined();
      expect(tools).toHaveLength(3);
    });

    test("the 37 skills use 49 capabilities, each with a native binding", () => {
      const served = new Set(native.map((binding) => binding.capability));
      expect(skills).toHaveLength(37);
      expect(usedIds.size).toBe(49);
      expect([...usedIds].filter((id) => !served.has(id))).toEqual([]);
    });

    test.each(
      native
        .filter((binding) => !NEEDS_SANDBOX.has(binding.capability))
        .map((binding) => [binding.capability, binding] as const),
    )("%s answers with what its contract promises", async (id, binding) => {
      const capability = capabilities.get(id);
      if (capability === undefined) throw new Error(`no contract for ${id}`);
      const context = makeContext();
      await context.records.put("cases", "c1", { id: "c1", state: "open" });
      await context.records.put("connector.local", "r1", { id: "r1" });
      const outputs = await runBinding(
        binding,
        { ...inputFor(capability), ...OVERRIDES[id] },
        context,
      );
      expectContract(capability, outputs);
    });

    test.each(
      skills.flatMap((skill) =>
        skill.steps.map((step) => [`${skill.id}/${step.id}`, step] as const),
      ),
    )("%s finds every output that it maps", (_name, step) => {
      const mapped = native.find((binding) => binding.capability === step.uses)?.response ?? {};
      const produced = Object.keys(step.output).filter(
        (key) => !/^(?:vars|inputs|outputs)\./.test(key),
      );
      expect(produced.filter((key) => !Object.hasOwn(mapped, key.split(".")[0] ?? ""))).toEqual([]);
    });

    test("fields inside a generated output are there when its schema names them", async () => {
      const step = skills
        .find((skill) => skill.id === "analysis.synthesize")
        ?.steps.find((candidate) => candidate.uses === "model.output.generate");
      const call = BUILTIN_MODULES["official_services.model_baseline"]?.["generate_output"];
      const schema = JsonObjectSchema.parse(step?.input["output_schema"]);
      const result = await call?.(
        {
          instruction: "x",
          context_items: [
            { id: "a", content: "Demand grows. But the rules are unclear. We should wait." },
          ],
          output_schema: schema,
        },
        makeContext(),
      );
      const wanted = Object.keys(step?.output ?? {}).map((key) => key.replace("output.", ""));
      expect(Object.keys(JsonObjectSchema.parse(result?.["output"]))).toEqual(
        expect.arrayContaining(wanted),
      );
    });
  });
} else {
  test("the ORCA corpus is not beside this checkout, so its tests have nothing to read", () => {
    expect(bindings).toEqual([]);
  });
}
