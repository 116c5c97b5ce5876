import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TrustLevel } from "../core/trust.ts";
import { RunProbe } from "./runtime/testing/run-probe.ts";
import { DEFAULT_TENANT_ID } from "./seed.ts";
import { openTestContainer, type TestContainer } from "./testing/open-test-container.ts";

const tenantId = DEFAULT_TENANT_ID;
const folder = mkdtempSync(join(tmpdir(), "orca-policy-"));
let orca: TestContainer;

/** A capability under a safety rule of its own, its binding to a native function, and a skill that calls it. */
function writeGuarded(name: string, safety: string): void {
  const capability = `text.${name}.detect`;
  const files = {
    [`capabilities/${capability}.yaml`]: `
id: ${capability}
version: 1.0.0
description: Detects a language.
inputs: { text: { type: string } }
outputs: { language: { type: string } }
properties: { side_effects: false, state_access: none }
safety: ${safety}
`,
    [`bindings/official/${capability}/native.yaml`]: `
id: native.${capability}
capability: ${capability}
service: orca_guarded
protocol: builtin
operation: detect_language
request: { text: input.text }
response: { language: response.language }
`,
    [`skills/local/guarded/${name}/skill.yaml`]: `
id: guarded.${name}
version: 1.0.0
name: Guarded
description: Calls a guarded capability.
steps:
  - id: call
    uses: ${capability}
    input: { text: The harbour opens again on Monday. }
`,
    "services/orca_guarded.yaml": "id: orca_guarded\nkind: builtin\nmodule: orca.text\n",
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

beforeAll(async () => {
  orca = await openTestContainer({});
  writeGuarded("elevated", "{ trust_level: elevated }");
  writeGuarded("privileged", "{ trust_level: privileged }");
  writeGuarded("confidential", "{ trust_level: sandbox, data_classification: confidential }");
  writeGuarded("restricted", "{ trust_level: sandbox, data_classification: restricted }");
  writeGuarded("connector", "{ trust_level: sandbox, allowed_targets: [approved_connectors] }");
  const report = await orca.importDirectory(tenantId, folder);
  expect(report.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const settings = { allow_private_network: true };
  const broken = { trust_ceiling: "total", max_data_classification: 3, approved_connectors: "*" };
  await orca.container.database.prisma.environment.createMany({
    data: [
      { tenantId, name: "bare", settings },
      { tenantId, name: "broken", settings: broken },
    ],
  });
});
afterAll(async () => {
  await orca.close();
  rmSync(folder, { recursive: true, force: true });
});

async function codeOf(
  environment: string,
  name: string,
  trust: TrustLevel = "privileged",
): Promise<string> {
  const { api, database } = orca.container;
  const { runId } = await api.runtime.startRun({
    tenantId,
    skillId: `guarded.${name}`,
    version: null,
    inputs: {},
    environment,
    attributes: {},
    options: {},
    startAt: null,
    actor: "usr_test",
    trust,
  });
  const row = await new RunProbe(database, tenantId).untilEnded(runId);
  return row.error?.code ?? row.status;
}

const DATA = "data_classification_denied";

describe("what the environments of a new installation allow", () => {
  test.each([
    ["dev", "privileged", "completed"],
    ["dev", "confidential", "completed"],
    ["dev", "restricted", DATA],
    ["dev", "connector", "completed"],
    ["staging", "elevated", "completed"],
    ["staging", "privileged", "safety_denied"],
    ["staging", "restricted", DATA],
    ["staging", "connector", "target_denied"],
    ["prod", "privileged", "safety_denied"],
    ["prod", "restricted", "completed"],
    ["prod", "connector", "target_denied"],
    // Nothing said about policy.
    ["bare", "elevated", "safety_denied"],
    ["bare", "confidential", DATA],
    ["bare", "connector", "target_denied"],
    // Said in words that nobody knows.
    ["broken", "elevated", "safety_denied"],
    ["broken", "confidential", DATA],
    ["broken", "connector", "target_denied"],
  ])("%s: %s is %s", async (environment, name, expected) => {
    expect(await codeOf(environment, name)).toBe(expected);
  });
});

test("what a tenant restricts holds in all its environments; what cannot be read permits nothing", async () => {
  const { prisma } = orca.container.database;
  const restrict = (policy: object) =>
    prisma.tenant.update({ where: { id: tenantId }, data: { policy } });
  await restrict({ max_data_classification: "internal", approved_connectors: ["another"] });
  expect(await codeOf("dev", "confidential")).toBe(DATA);
  expect(await codeOf("prod", "restricted")).toBe(DATA);
  expect(await codeOf("dev", "connector")).toBe("target_denied");
  expect(await codeOf("dev", "privileged")).toBe("completed");
  await restrict({ trust_ceiling: "none at all" });
  expect(await codeOf("dev", "elevated")).toBe("safety_denied");
  await restrict({});
  expect(await codeOf("dev", "confidential")).toBe("completed");
});

test("an environment's own service is approved by its name", async () => {
  const { prisma } = orca.container.database;
  const where = { tenantId_name: { tenantId, name: "prod" } };
  const { settings } = await prisma.environment.findUniqueOrThrow({ where });
  const named = { ...Object(settings), approved_connectors: ["orca_guarded"] };
  await prisma.environment.update({ where, data: { settings: named } });
  expect(await codeOf("prod", "connector")).toBe("completed");
});
