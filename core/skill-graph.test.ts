import { expect, test } from "vitest";
import { compileSkill } from "./run-plan.ts";
import { toSkillGraph } from "./skill-graph.ts";
import { SkillSchema } from "./skill.ts";

test("a step reads what decides whether, how often and where it runs, besides its input", () => {
  const skill = SkillSchema.parse({
    id: "test.reads",
    version: "1.0.0",
    name: "Reads",
    description: "Reads",
    steps: [
      {
        id: "each",
        uses: "fake.value.do",
        input: { value: "item.text", note: "inputs.note" },
        config: {
          condition: "inputs.flag",
          foreach: { items: "inputs.list" },
          router: { on: "item.kind", cases: { a: "fake.other.do" } },
        },
      },
    ],
  });
  const graph = toSkillGraph(skill, compileSkill(skill, "sha256:fake"));
  expect(graph.steps[0]?.reads.toSorted()).toEqual([
    "inputs.flag",
    "inputs.list",
    "inputs.note",
    "item.kind",
    "item.text",
  ]);
});
