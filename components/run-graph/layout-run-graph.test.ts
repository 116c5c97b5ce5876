import ELK from "elkjs/lib/elk.bundled.js";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { SkillGraph } from "../../core/run-view.ts";
import { layOutLayers } from "./layer-layout.ts";
import {
  edgesOf,
  NODE_SIZE,
  toElkGraph,
  toGraphLayout,
  type GraphLayout,
} from "./layout-run-graph.ts";

function graphOf(dependencies: Record<string, string[]>): SkillGraph {
  return {
    skill_id: "demo.graph",
    skill_version: "1.0.0",
    steps: Object.entries(dependencies).map(([step_id, depends_on]) => ({
      step_id,
      uses: "text.noop",
      kind: "capability",
      depends_on,
      condition: null,
      loop: null,
      router: null,
      join: "all",
      writes: [`vars.${step_id}`],
      reads: depends_on.map((id) => `vars.${id}.text`),
    })),
  };
}

const ENGINES: Record<string, (graph: SkillGraph) => Promise<GraphLayout>> = {
  "the layout engine": async (graph) =>
    toGraphLayout(graph, await new ELK().layout(toElkGraph(graph))),
  "the layers of large graphs": (graph) => Promise.resolve(layOutLayers(graph)),
};

test.each(Object.entries(ENGINES))(
  "by %s a step stands to the right of every step that it waits for, and no two overlap",
  async (_name, layoutOf) => {
    const dags = fc
      .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
      .map((rows) =>
        graphOf(
          Object.fromEntries(
            rows.map((row, index) => [
              `s${index}`,
              index === 0 ? [] : [...new Set(row.map((n) => `s${n % index}`))],
            ]),
          ),
        ),
      );
    await fc.assert(
      fc.asyncProperty(dags, async (graph) => {
        const { positions } = await layoutOf(graph);
        for (const { source, target } of edgesOf(graph)) {
          expect(positions.get(target)?.x).toBeGreaterThan(
            (positions.get(source)?.x ?? Infinity) + NODE_SIZE.width,
          );
        }
        const places = [...positions.values()];
        for (const [index, a] of places.entries()) {
          for (const b of places.slice(index + 1)) {
            expect(
              Math.abs(a.x - b.x) >= NODE_SIZE.width || Math.abs(a.y - b.y) >= NODE_SIZE.height,
            ).toBe(true);
          }
        }
      }),
      { numRuns: 25 },
    );
  },
);

test("a chain of 10,000 steps with long edges is laid out in a moment", () => {
  const graph = graphOf(
    Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [
        `s${index}`,
        index === 0 ? [] : [`s${index - 1}`, `s${Math.floor(index / 2)}`],
      ]),
    ),
  );
  const { positions, width } = layOutLayers(graph);
  expect(positions.size).toBe(10_000);
  expect(width).toBe(9_999 * (NODE_SIZE.width + 64) + NODE_SIZE.width);
});

test("an edge names the data that the later step reads from the earlier one", () => {
  expect(edgesOf(graphOf({ read: [], sum: ["read"] }))).toEqual([
    { id: "read→sum", source: "read", target: "sum", references: ["vars.read.text"] },
  ]);
});

test("a dependency on a step that does not exist draws no edge", () => {
  expect(edgesOf(graphOf({ sum: ["gone"] }))).toEqual([]);
});
