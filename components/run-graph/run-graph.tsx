"use client";

import {
  Background,
  BackgroundVariant,
  Controls,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
} from "@xyflow/react";
import { useContext, useMemo, useState } from "react";
import type { SkillGraph } from "../../core/run-view.ts";
import { ErrorState } from "../ui/error-state.tsx";
import type { StepGroup } from "../run-explorer/step-groups.ts";
import { STATUS_STYLE } from "../runs/status-style.ts";
import { DataEdge, type DataFlowEdge } from "./data-edge.tsx";
import { initialViewport, type Size } from "./initial-viewport.ts";
import { edgesOf, NODE_SIZE, shapeOf, type GraphLayout } from "./layout-run-graph.ts";
import { StepGroupsContext } from "./step-groups-context.ts";
import { StepNode, type StepFlowNode } from "./step-node.tsx";
import { useElementSize } from "./use-element-size.ts";
import { useGraphLayout } from "./use-graph-layout.ts";

type RunGraphProps = {
  graph: SkillGraph | undefined;
  /** By step id; null draws the skill itself. */
  groups: ReadonlyMap<string, StepGroup> | null;
  selectedStep: string | null;
  onSelect: (stepId: string | null) => void;
};

const NODE_TYPES = { step: StepNode };
const EDGE_TYPES = { data: DataEdge };
/** The steps of a skill from left to right, each with what has become of it. */
export function RunGraph({ graph, groups, selectedStep, onSelect }: RunGraphProps) {
  const { layout, hasFailed } = useGraphLayout(graph);
  const [frame, size] = useElementSize();
  if (hasFailed) {
    return (
      <ErrorState
        error={{
          code: "layout_failed",
          message: "The graph could not be laid out.",
          hint: "The timeline below shows the same steps.",
          traceId: null,
          details: {},
        }}
      />
    );
  }
  return (
    <div ref={frame} className="flex min-h-0 min-w-0 flex-1">
      {graph === undefined || layout === null || size === null ? (
        <GraphSkeleton />
      ) : (
        <StepGroupsContext value={groups}>
          <ReactFlowProvider key={shapeOf(graph)}>
            <Canvas
              graph={graph}
              layout={layout}
              canvas={size}
              selectedStep={selectedStep}
              onSelect={onSelect}
            />
          </ReactFlowProvider>
        </StepGroupsContext>
      )}
    </div>
  );
}

type CanvasProps = {
  graph: SkillGraph;
  layout: GraphLayout;
  canvas: Size;
  selectedStep: string | null;
  onSelect: (stepId: string | null) => void;
};

function Canvas({ graph, layout, canvas, selectedStep, onSelect }: CanvasProps) {
  const groups = useContext(StepGroupsContext);
  const nodes = useMemo(
    () =>
      graph.steps.map((step): StepFlowNode => ({
        id: step.step_id,
        type: "step",
        position: layout.positions.get(step.step_id) ?? { x: 0, y: 0 },
        ...NODE_SIZE,
        data: { step },
        selected: step.step_id === selectedStep,
        ariaLabel: `Step ${step.step_id}`,
      })),
    [graph, layout, selectedStep],
  );
  const edges = useMemo(
    () =>
      edgesOf(graph).map(({ id, source, target, references }): DataFlowEdge => ({
        id,
        source,
        target,
        type: "data",
        data: { references },
        focusable: false,
      })),
    [graph],
  );
  // Only how the graph opens: afterwards the view is the viewer's.
  const [viewport] = useState(() => {
    const focus = selectedStep ?? graph.steps[0]?.step_id ?? "";
    return initialViewport(layout, canvas, layout.positions.get(focus) ?? { x: 0, y: 0 });
  });
  return (
    <ReactFlow<StepFlowNode, DataFlowEdge>
      aria-label="Graph of the steps"
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodeClick={(_, node) => onSelect(node.id)}
      onNodesChange={(changes) => {
        for (const change of changes)
          if (change.type === "select" && change.selected) onSelect(change.id);
      }}
      onPaneClick={() => onSelect(null)}
      onlyRenderVisibleElements={graph.steps.length > 60}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      defaultViewport={viewport}
      minZoom={0.04}
      maxZoom={1.5}
      proOptions={{ hideAttribution: true }}
      className="bg-sunken"
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--line-strong)" />
      <Controls
        showInteractive={false}
        position="bottom-left"
        className="overflow-hidden rounded-md border bg-raised [&_button]:flex [&_button]:size-7 [&_button]:items-center [&_button]:justify-center [&_button]:hover:bg-hover [&_svg]:size-3 [&_svg]:fill-ink"
      />
      {layout.width * viewport.zoom < canvas.width &&
      layout.height * viewport.zoom < canvas.height ? null : (
        <MiniMap
          pannable
          zoomable
          ariaLabel="Map of the graph"
          position="bottom-right"
          style={{ width: 160, height: 96 }}
          bgColor="var(--surface)"
          maskColor="color-mix(in srgb, var(--sunken) 70%, transparent)"
          nodeColor={(node) =>
            `var(--${STATUS_STYLE[groups?.get(node.id)?.shown ?? "pending"].tone})`
          }
          className="overflow-hidden rounded-md border"
        />
      )}
    </ReactFlow>
  );
}

function GraphSkeleton() {
  return (
    <div
      role="status"
      aria-label="The graph is being laid out"
      className="flex flex-1 items-center gap-16 overflow-hidden bg-sunken px-12"
    >
      {[1, 2, 3].map((column) => (
        <span
          key={column}
          style={NODE_SIZE}
          className="shrink-0 animate-pulse rounded-lg border border-line bg-surface"
        />
      ))}
    </div>
  );
}
