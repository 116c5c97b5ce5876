import { NODE_SIZE, type GraphLayout, type Point } from "./layout-run-graph.ts";

export type Viewport = { x: number; y: number; zoom: number };
export type Size = { width: number; height: number };

/** Below this the words on a node cannot be read; then a part is shown at a comfortable size rather than the whole. */
const READABLE = 0.55;
const COMFORTABLE = 0.8;
const MARGIN = 32;

/**
 * The view with which a graph opens: the whole of it where its words stay readable, else as much as fits, around the
 * step `focus`.
 */
export function initialViewport(layout: GraphLayout, canvas: Size, focus: Point): Viewport {
  const fit = Math.min(
    (canvas.width - 2 * MARGIN) / Math.max(1, layout.width),
    (canvas.height - 2 * MARGIN) / Math.max(1, layout.height),
  );
  const zoom = fit < READABLE ? COMFORTABLE : Math.min(1, fit);
  return {
    zoom,
    x: place(layout.width * zoom, canvas.width, (focus.x + NODE_SIZE.width / 2) * zoom),
    y: place(layout.height * zoom, canvas.height, (focus.y + NODE_SIZE.height / 2) * zoom),
  };
}

/** Centres what fits; of what does not, shows the part around `focus`, never beyond its ends. */
function place(length: number, room: number, focus: number): number {
  if (length + 2 * MARGIN <= room) return (room - length) / 2;
  const wanted = room / 2 - focus;
  return Math.min(MARGIN, Math.max(room - length - MARGIN, wanted));
}
