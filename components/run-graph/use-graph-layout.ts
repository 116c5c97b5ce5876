"use client";

import ELK from "elkjs/lib/elk-api.js";
import { useEffect, useState } from "react";
import type { SkillGraph } from "../../core/run-view.ts";
import { layOutLayers } from "./layer-layout.ts";
import { shapeOf, toElkGraph, toGraphLayout, type GraphLayout } from "./layout-run-graph.ts";

/** What the engine lays out in a second or two. */
const MAX_ENGINE_STEPS = 1_500;

/** Where the steps of a graph stand; null while the worker is thinking. A graph of the same shape is not asked again. */
export function useGraphLayout(graph: SkillGraph | undefined): {
  layout: GraphLayout | null;
  hasFailed: boolean;
} {
  const shape = graph === undefined ? null : shapeOf(graph);
  const [answer, setAnswer] = useState<{ shape: string; layout: GraphLayout | null } | null>(null);
  // Outside system: the layout worker.
  useEffect(() => {
    if (graph === undefined || shape === null) return;
    let isCurrent = true;
    const { layout, stop } = layOut(graph);
    layout.then(
      (placed) => (isCurrent ? setAnswer({ shape, layout: placed }) : undefined),
      () => (isCurrent ? setAnswer({ shape, layout: null }) : undefined),
    );
    return () => {
      isCurrent = false;
      stop();
    };
    // A graph that is fetched again has the same shape; only another shape needs another layout.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shape]);
  const isAnswered = answer !== null && answer.shape === shape;
  return {
    layout: isAnswered ? answer.layout : null,
    hasFailed: isAnswered && answer.layout === null,
  };
}

function layOut(graph: SkillGraph): { layout: Promise<GraphLayout>; stop: () => void } {
  if (graph.steps.length > MAX_ENGINE_STEPS)
    return { layout: Promise.resolve(layOutLayers(graph)), stop: () => {} };
  const elk = new ELK({
    workerFactory: () =>
      new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" }),
  });
  const layout = elk.layout(toElkGraph(graph)).then((placed) => toGraphLayout(graph, placed));
  return { layout, stop: () => elk.terminateWorker() };
}
