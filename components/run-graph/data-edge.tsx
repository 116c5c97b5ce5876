"use client";

import {
  BaseEdge,
  EdgeLabelRenderer,
  getBezierPath,
  type Edge,
  type EdgeProps,
} from "@xyflow/react";
import { useState } from "react";

export type DataFlowEdge = Edge<{ references: string[] }, "data">;

/** A dependency; pointing at it shows the data that travels along it. */
export function DataEdge({ data, markerEnd, ...ends }: EdgeProps<DataFlowEdge>) {
  const [isPointedAt, setIsPointedAt] = useState(false);
  const [path, labelX, labelY] = getBezierPath(ends);
  const text =
    data === undefined || data.references.length === 0 ? "order only" : data.references.join(", ");
  return (
    <g onMouseEnter={() => setIsPointedAt(true)} onMouseLeave={() => setIsPointedAt(false)}>
      <BaseEdge
        path={path}
        interactionWidth={14}
        {...(markerEnd === undefined ? {} : { markerEnd })}
        style={{ stroke: isPointedAt ? "var(--accent)" : "var(--line-strong)", strokeWidth: 1.5 }}
      />
      {isPointedAt ? (
        <EdgeLabelRenderer>
          <span
            className="mono pointer-events-none absolute z-10 max-w-72 truncate rounded-md border border-line-strong bg-raised px-1.5"
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {text}
          </span>
        </EdgeLabelRenderer>
      ) : null}
    </g>
  );
}
