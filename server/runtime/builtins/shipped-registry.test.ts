import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { compileRequestTemplate, compileResponseMapping } from "../../../core/binding-mapping.ts";
import { BindingSchema, ServiceSchema } from "../../../core/binding.ts";
import { CapabilitySchema, effectContractOf } from "../../../core/capability.ts";
import { JsonObjectSchema } from "../../../core/field.ts";
import { jsonEquals } from "../../../core/json.ts";
import { SkillSchema } from "../../../core/skill.ts";
import { type SandboxService, startSandboxService } from "../../sandbox/start-sandbox-service.ts";
import type { BuiltinContext } from "./builtin.ts";
import { validateSchema } from "./data/validate-schema.ts";
import { BUILTIN_MODULES } from "./modules.ts";
import { makeBuiltinContext } from "./testing/make-builtin-context.ts";
import { makePdf } from "./testing/make-pdf.ts";

const REGISTRY = path.resolve(import.meta.dirname, "../../../registry");
const read = (folder: string, name: RegExp) =>
  readdirSync(path.join(REGISTRY, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => name.test(file))
    .map((file): unknown => parse(readFileSync(path.join(REGISTRY, folder, file), "utf8")));

const capabilities = read("capabilities", /\.yaml$/).map((document) =>
  CapabilitySchema.parse(document),
);
const bindings = read("bindings", /\.yaml$/).map((document) => BindingSchema.parse(document));
const services = new Map(
  read("services", /\.yaml$/)
    .map((document) => ServiceSchema.parse(document))
    .map((service) => [service.id, service]),
);
const skills = read("skills", /skill\.yaml$/).map((document) => SkillSchema.parse(document));
const ExamplesSchema = z
  .array(
    z.object({
      summary: z.string(),
      inputs: JsonObjectSchema,
      outputs: JsonObjectSchema.optional(),
    }),
  )
  .min(1);

const sandboxDir = mkdtempSync(path.join(tmpdir(), "orca-registry-"));
let service: SandboxService;
beforeAll(async () => {
  writeFileSync(
    path.join(sandboxDir, "report.pdf"),
    makePdf("Quarterly report. Revenue grew by ten percent."),
  );
  writeFileSync(path.join(sandboxDir, "people.csv"), "name,score\nAda,92\nBob,78\n");
  service = await startSandboxService({
    host: "127.0.0.1",
    httpPort: 0,
    smtpPort: 0,
    dataDir: null,
    now: () => new Date(),
  });
  await fetch(`${service.baseUrl}/tickets`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"title":"First"}',
  });
});
afterAll(async () => {
  await service.stop();
  rmSync(sandboxDir, { recursive: true, force: true });
});

/** The network of the examples: the sandbox service is real, `pages.example` is a page or a search answer. */
function makeContext(): BuiltinContext {
  return makeBuiltinContext({
    sandboxDir,
    sandbox: service,
    searchUrl: "https://pages.example/search",
    fetch: async (url, init) => {
      if (url.startsWith(service.baseUrl)) {
        const answer = await fetch(url, init);
        return {
          status: answer.status,
          headers: Object.fromEntries(answer.headers),
          body: new Uint8Array(await answer.arrayBuffer()),
          url,
        };
      }
      const isSearch = url.includes("/search");
      const body = isSearch
        ? '{"results":[{"url":"https://pages.example/a","title":"A","snippet":"B"}]}'
        : "<p>Hello</p>";
      return {
        status: 200,
        headers: { "content-type": isSearch ? "application/json" : "text/html" },
        body: Buffer.from(body),
        url,
      };
    },
  });
}

describe("the registry that ships", () => {
  test("gives every capability exactly one binding", () => {
    expect(bindings.map((binding) => binding.capability).sort()).toEqual(
      capabilities.map((capability) => capability.id).sort(),
    );
  });

  test("names only native functions that exist", () => {
    const missing = bindings.filter(
      (binding) =>
        binding.protocol === "builtin" &&
        BUILTIN_MODULES[services.get(binding.service)?.module ?? ""]?.[binding.operation] ===
          undefined,
    );
    expect(missing.map((binding) => binding.id)).toEqual([]);
  });

  test("says of every capability that acts how it is to be replayed", () => {
    const acting = capabilities.filter((capability) => capability.properties.side_effects === true);
    expect(acting.map((capability) => capability.id)).toEqual(
      expect.arrayContaining(["email.message.send", "task.ticket.create", "payment.charge.create"]),
    );
    for (const capability of acting) {
      expect(["write", "external_action"]).toContain(effectContractOf(capability).effectClass);
      expect(effectContractOf(capability).replayPolicy).toBe("use_recorded_result");
      expect(capability.safety?.trust_level).toBe("standard");
    }
  });

  test("shows every control flow of the engine in some skill", () => {
    const configs = skills.flatMap((skill) => skill.steps.map((step) => step.config));
    for (const feature of [
      "condition",
      "retry",
      "foreach",
      "while",
      "router",
      "scatter",
      "match",
    ] as const) {
      expect(
        configs.some((config) => config[feature] !== undefined),
        feature,
      ).toBe(true);
    }
    const uses = skills.flatMap((skill) => skill.steps.map((step) => step.uses));
    expect(uses).toEqual(
      expect.arrayContaining(["wait.signal", "wait.timer", "skill:table.quality-report"]),
    );
  });

  test.each(capabilities.map((capability) => [capability.id, capability] as const))(
    "%s answers its examples with what its contract promises",
    async (id, capability) => {
      const binding = bindings.find((candidate) => candidate.capability === id);
      const target = services.get(binding?.service ?? "");
      for (const example of ExamplesSchema.parse(capability.metadata["examples"])) {
        await expectFit(id, "inputs", capability.inputs, example.inputs);
        if (binding === undefined || target?.kind !== "builtin") continue;
        const payload = compileRequestTemplate(binding.request).render(example.inputs);
        const response = await BUILTIN_MODULES[target.module ?? ""]?.[binding.operation]?.(
          payload,
          makeContext(),
        );
        const outputs = compileResponseMapping(binding.response).apply(response ?? {});
        await expectFit(id, "outputs", capability.outputs, outputs);
        for (const [name, value] of Object.entries(example.outputs ?? {})) {
          expect(
            jsonEquals(outputs[name], value),
            `${id} example output ${name}: ${JSON.stringify(outputs[name])}`,
          ).toBe(true);
        }
      }
    },
  );
});

async function expectFit(
  id: string,
  side: string,
  fields: (typeof capabilities)[number]["inputs"],
  data: z.infer<typeof JsonObjectSchema>,
): Promise<void> {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.schema ?? (field.type === undefined ? {} : { type: field.type }),
    ]),
  );
  const required = Object.keys(fields).filter((name) => fields[name]?.required === true);
  const { errors } = await validateSchema(
    { data, schema: { type: "object", properties, required } },
    makeContext(),
  );
  expect(errors, `${id} ${side}`).toEqual([]);
}
