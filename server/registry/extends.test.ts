import { expect, test } from "vitest";
import type { JsonObject } from "../../core/json.ts";
import { placesOf, planFiles } from "./testing/plan-files.ts";
import { capabilityFile } from "./testing/registry-documents.ts";

const BASE = capabilityFile({
  metadata: { status: "stable" },
  aliases: ["text.jotting.write"],
  safety: { trust_level: "standard", reversible: true },
});

function extending(more: JsonObject) {
  const content = JSON.stringify({
    id: "text.memo.write",
    version: "1.0.0",
    description: "Writes a memo.",
    extends: "text.note.write",
    ...more,
  });
  return { path: "capabilities/text.memo.write.yaml", content };
}

function extendWith(more: JsonObject) {
  const { capabilities, report } = planFiles([BASE, extending(more)]);
  return {
    report,
    memo: capabilities.find(({ capability }) => capability.id === "text.memo.write"),
  };
}

test("an extending capability inherits fields and properties, but not metadata and aliases", () => {
  const { memo, report } = extendWith({
    inputs: { length: { type: "integer" } },
    properties: { deterministic: false },
  });
  expect(report.diagnostics).toEqual([]);
  expect(memo?.capability).toMatchObject({
    inputs: { text: { required: true }, tone: { required: false }, length: { type: "integer" } },
    outputs: { note: { required: true } },
    properties: { deterministic: false, state_access: "none" },
    safety: { trust_level: "standard", reversible: true },
    metadata: {},
  });
  expect(memo?.capability.aliases).toBeUndefined();
});

test("an optional field may be made required, and safety is replaced wholly", () => {
  const { memo, report } = extendWith({
    inputs: { tone: { type: "string", required: true } },
    safety: { trust_level: "elevated" },
  });
  expect(report.diagnostics).toEqual([]);
  expect(memo?.capability.inputs["tone"]?.required).toBe(true);
  expect(memo?.capability.safety).toEqual({ trust_level: "elevated" });
});

test("a required field cannot be made optional", () => {
  expect(extendWith({ inputs: { text: { type: "string" } } }).report.diagnostics).toMatchObject([
    {
      severity: "error",
      code: "weakened_field",
      path: "capabilities/text.memo.write.yaml",
      line: 1,
    },
  ]);
});

test("an unknown base is an error", () => {
  expect(placesOf([extending({ extends: "text.none.write" })])).toEqual([
    "capabilities/text.memo.write.yaml:1:84 error unknown_base",
  ]);
});

test("capabilities that extend each other are an error on both", () => {
  const base = capabilityFile({ extends: "text.memo.write" });
  const codes = planFiles([base, extending({})]).report.diagnostics.map(
    ({ path, code }) => `${path} ${code}`,
  );
  expect(codes).toEqual([
    "capabilities/text.memo.write.yaml extends_cycle",
    "capabilities/text.note.write.yaml extends_cycle",
  ]);
});

function chainOf(length: number) {
  return Array.from({ length }, (_, index) =>
    capabilityFile({
      id: `text.link.n${index}`,
      ...(index === 0 ? {} : { extends: `text.link.n${index - 1}` }),
    }),
  );
}

test("five capabilities may stand on one, and no more", () => {
  expect(placesOf(chainOf(6))).toEqual([]);
  expect(placesOf(chainOf(7)).map((place) => place.split(" ")[2])).toEqual(["extends_cycle"]);
});
