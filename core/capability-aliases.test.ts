import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  listCapabilityNames,
  RENAMED_CAPABILITIES,
  resolveCapabilityId,
} from "./capability-aliases.ts";

const resolveIn = (registry: string[], id: string) =>
  resolveCapabilityId(id, (each) => registry.includes(each));

test("the map holds the 48 renames of the format", () => {
  expect(Object.keys(RENAMED_CAPABILITIES)).toHaveLength(48);
});

test.each([
  [
    "an old id where only the new one exists",
    "text.content.summarize",
    ["reasoning.content.summarize"],
    "reasoning.content.summarize",
  ],
  [
    "a new id where only the old one exists",
    "reasoning.content.summarize",
    ["text.content.summarize"],
    "text.content.summarize",
  ],
  [
    "an id that exists, whatever else does",
    "text.content.embed",
    ["text.content.embed", "reasoning.embedding.generate"],
    "text.content.embed",
  ],
  [
    "a merged id by the other that was merged",
    "agent.plan.create",
    ["agent.plan.generate"],
    "agent.plan.generate",
  ],
  [
    "a new id by what kept its meaning before what was merged in",
    "reasoning.embedding.generate",
    ["text.content.embed", "model.embedding.generate"],
    "model.embedding.generate",
  ],
  ["an unknown id as itself", "text.none.write", [], "text.none.write"],
  ["a name of every object as itself", "constructor", [], "constructor"],
])("it finds %s", (_what, id, registry, expected) => {
  expect(resolveIn(registry, id)).toBe(expected);
});

test("whatever the registry holds, a resolved id exists or none of its names does", () => {
  const ids = [...new Set(Object.entries(RENAMED_CAPABILITIES).flat())];
  fc.assert(
    fc.property(fc.constantFrom(...ids), fc.subarray(ids), (id, registry) => {
      const resolved = resolveIn(registry, id);
      const isKnown = listCapabilityNames(id).some((name) => registry.includes(name));
      return isKnown ? registry.includes(resolved) : resolved === id;
    }),
  );
});
