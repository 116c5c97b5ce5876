import type { SkillGraph } from "../../core/run-view.ts";
import { edgesOf, NODE_SIZE, type GraphLayout, type Point } from "./layout-run-graph.ts";

const COLUMN = NODE_SIZE.width + 64;
const ROW = NODE_SIZE.height + 24;

/**
 * Places steps in time and memory linear in steps and dependencies, for graphs too large for the layout engine: layers
 * by longest path, and in each layer one sweep by the mean place of what a step waits for (Sugiyama, Tagawa and Toda
 * 1981, without the virtual nodes for long edges, of which a deep graph has millions).
 */
export function layOutLayers(graph: SkillGraph): GraphLayout {
  const sources = new Map<string, string[]>(graph.steps.map(({ step_id: id }) => [id, []]));
  for (const { source, target } of edgesOf(graph)) sources.get(target)?.push(source);
  const columns = columnsOf(sources);
  const tallest = Math.max(...columns.map(({ length }) => length), 0) * ROW;
  const positions = new Map<string, Point>();
  for (const [index, column] of columns.entries()) {
    const wanted = new Map(column.map((id) => [id, meanHeight(sources.get(id) ?? [], positions)]));
    // Stable: steps without a wish keep the order of the skill.
    const ordered = column.toSorted((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
    const top = (tallest - column.length * ROW) / 2;
    for (const [row, id] of ordered.entries())
      positions.set(id, { x: index * COLUMN, y: top + row * ROW });
  }
  return {
    positions,
    width: Math.max(columns.length * COLUMN - 64, 0),
    height: Math.max(tallest - 24, 0),
  };
}

/** The steps by how many others stand before them at least, each layer in the order of the skill. */
function columnsOf(sources: ReadonlyMap<string, readonly string[]>): string[][] {
  const layers = new Map<string, number>();
  const waiting = [...sources.keys()].toReversed();
  // A step is looked at again once all that it waits for has a layer: no recursion, since chains are long.
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (layers.has(id)) continue;
    const before = sources.get(id) ?? [];
    const missing = before.filter((source) => !layers.has(source));
    if (missing.length > 0) waiting.push(id, ...missing);
    else layers.set(id, Math.max(-1, ...before.map((source) => layers.get(source) ?? -1)) + 1);
  }
  const columns: string[][] = [];
  for (const id of sources.keys()) (columns[layers.get(id) ?? 0] ??= []).push(id);
  return columns;
}

function meanHeight(ids: readonly string[], positions: ReadonlyMap<string, Point>): number {
  const heights = ids.map((id) => positions.get(id)?.y ?? 0);
  return heights.reduce((sum, y) => sum + y, 0) / Math.max(heights.length, 1);
}
