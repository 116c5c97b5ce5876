import { expect, test } from "vitest";
import { addDocuments } from "./add-documents.ts";
import { buildRegistryCatalog } from "./build-registry-catalog.ts";
import type { SourceDocument } from "./read-document.ts";
import { EMPTY_REGISTRY, planFiles } from "./testing/plan-files.ts";
import {
  bindingFile,
  capabilityFile,
  registryFiles,
  serviceFile,
  skillFile,
} from "./testing/registry-documents.ts";

function catalogOf(files: SourceDocument[]) {
  const plan = planFiles(files);
  expect(plan.report.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return buildRegistryCatalog(addDocuments(EMPTY_REGISTRY, plan, "2026-01-02T03:04:05.678Z"));
}

function defaultsFile(defaults: Record<string, string>): SourceDocument {
  return { path: "official_default_selection.yaml", content: JSON.stringify({ defaults }) };
}

test("a capability comes with its effect contract and hash", () => {
  const found = catalogOf(registryFiles()).capability("text.note.write");
  expect(found?.effectContract).toEqual({
    effectClass: "none",
    idempotency: "optional",
    replayPolicy: "reexecute",
  });
  expect(found?.contentHash).toMatch(/^[0-9a-f]{64}$/);
});

test("what the registry does not have is null", () => {
  const catalog = catalogOf(registryFiles());
  expect([
    catalog.capability("a.b"),
    catalog.skill("a.b", null),
    catalog.binding("a"),
    catalog.service("a"),
  ]).toEqual([null, null, null, null]);
  expect(catalog.bindingsOf("a.b")).toEqual([]);
  expect(catalog.capability("constructor")).toBeNull();
});

test("of several versions of a capability and of a skill the highest one counts", () => {
  const catalog = catalogOf([
    capabilityFile({ version: "1.10.0" }),
    { ...capabilityFile({ version: "1.9.0" }), path: "other.yaml" },
    skillFile({ version: "2.0.0" }),
    { ...skillFile({ version: "2.0.0-rc.1" }), path: "rc.yaml" },
  ]);
  expect(catalog.capability("text.note.write")?.capability.version).toBe("1.10.0");
  expect(catalog.skill("text.note", null)?.skill.version).toBe("2.0.0");
  expect(catalog.skills).toHaveLength(1);
});

test("a capability is found by its aliases", () => {
  const catalog = catalogOf([capabilityFile({ aliases: ["text.jotting.write"] })]);
  expect(catalog.capability("text.jotting.write")?.capability.id).toBe("text.note.write");
});

test("bindings made for a former name serve the present one, under the present id", () => {
  const present = capabilityFile({ id: "reasoning.content.summarize" });
  const old = bindingFile({ capability: "text.content.summarize" });
  const catalog = catalogOf([
    present,
    old,
    serviceFile(),
    defaultsFile({ "text.content.summarize": "native_note_write" }),
  ]);
  const expected = [
    { binding: { id: "native_note_write", capability: "reasoning.content.summarize" } },
  ];
  expect(catalog.bindingsOf("reasoning.content.summarize")).toMatchObject(expected);
  expect(catalog.bindingsOf("text.content.summarize")).toMatchObject(expected);
  expect(catalog.defaults("dev")).toEqual({ "reasoning.content.summarize": "native_note_write" });
});

test("a capability with bindings of its own does not borrow those of a former name", () => {
  const catalog = catalogOf([
    capabilityFile({ id: "reasoning.content.summarize" }),
    capabilityFile({ id: "text.content.summarize" }),
    bindingFile({ id: "old", capability: "text.content.summarize" }),
    bindingFile({ id: "new", capability: "reasoning.content.summarize" }),
    serviceFile(),
    defaultsFile({ "text.content.summarize": "old" }),
  ]);
  const ids = (capabilityId: string) =>
    catalog.bindingsOf(capabilityId).map(({ binding }) => binding.id);
  expect([ids("reasoning.content.summarize"), ids("text.content.summarize")]).toEqual([
    ["new"],
    ["old"],
  ]);
  expect(catalog.defaults(null)).toEqual({ "text.content.summarize": "old" });
});

test("lists are ordered by id", () => {
  const catalog = catalogOf([
    capabilityFile({ id: "b.b" }),
    capabilityFile({ id: "a.b" }),
    capabilityFile({ id: "a.a" }),
  ]);
  expect(catalog.capabilities.map(({ capability }) => capability.id)).toEqual([
    "a.a",
    "a.b",
    "b.b",
  ]);
});
