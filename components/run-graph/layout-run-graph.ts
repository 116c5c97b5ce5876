import type { ElkNode } from "elkjs/lib/elk-api.js";
import type { SkillGraph } from "../../core/run-view.ts";

/** The size of every node, known before it is drawn, so that nothing moves once it is. */
export const NODE_SIZE = { width: 224, height: 64 } as const;

export type Point = { x: number; y: number };

/** A dependency between two steps, and the data that travels along it. */
export type GraphEdge = { id: string; source: string; target: string; references: string[] };

/** Where each step stands; the picture begins at 0, 0. */
export type GraphLayout = { positions: ReadonlyMap<string, Point>; width: number; height: number };

/** The dependencies of a skill; a dependency on a step that is not there is left out. */
export function edgesOf(graph: SkillGraph): GraphEdge[] {
  const steps = new Map(graph.steps.map((step) => [step.step_id, step]));
  return graph.steps.flatMap((step) =>
    step.depends_on.flatMap((id) => {
      const source = steps.get(id);
      if (source === undefined) return [];
      const references = step.reads.filter((read) =>
        source.writes.some((target) => read === target || read.startsWith(`${target}.`)),
      );
      return [{ id: `${id}→${step.step_id}`, source: id, target: step.step_id, references }];
    }),
  );
}

/** The question to the layout engine: layers from left to right, steps of one layer in the order of the skill. */
export function toElkGraph(graph: SkillGraph): ElkNode {
  return {
    id: "skill",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      // Edges are drawn as curves of our own: the cheapest routes do.
      "elk.edgeRouting": "POLYLINE",
      "elk.layered.spacing.nodeNodeBetweenLayers": "64",
      // A step stands as early as it may start, so that what runs first is on the left.
      "elk.layered.layering.strategy": "LONGEST_PATH_SOURCE",
      "elk.spacing.nodeNode": "24",
      // Steps that hang together with nothing stand in the first layer too, not beside it as if they came later.
      "elk.separateConnectedComponents": "false",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
      "elk.layered.nodePlacement.strategy": graph.steps.length > 400 ? "SIMPLE" : "NETWORK_SIMPLEX",
      // Beyond this size crossings are no longer told apart by eye, and sweeping for them costs seconds.
      "elk.layered.thoroughness": graph.steps.length > 400 ? "1" : "7",
    },
    children: graph.steps.map((step) => ({ id: step.step_id, ...NODE_SIZE })),
    edges: edgesOf(graph).map(({ id, source, target }) => ({
      id,
      sources: [source],
      targets: [target],
    })),
  };
}

/** The answer of the layout engine. A step that it did not place stands at the origin. */
export function toGraphLayout(graph: SkillGraph, answer: ElkNode): GraphLayout {
  const placed = new Map(
    (answer.children ?? []).map((node) => [node.id, { x: node.x ?? 0, y: node.y ?? 0 }]),
  );
  return {
    positions: new Map(
      graph.steps.map(({ step_id: id }) => [id, placed.get(id) ?? { x: 0, y: 0 }]),
    ),
    width: answer.width ?? 0,
    height: answer.height ?? 0,
  };
}

/** A name for the shape of a graph: two graphs of one shape have one layout. */
export function shapeOf(graph: SkillGraph): string {
  return graph.steps.map((step) => `${step.step_id}<${step.depends_on.join(",")}`).join("|");
}
