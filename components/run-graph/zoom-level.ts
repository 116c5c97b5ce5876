/** How much of a node can be read: a block with its name, or its details. */
export type ZoomLevel = "far" | "near";

/** The level that belongs to a zoom factor. */
export function zoomLevelOf(zoom: number): ZoomLevel {
  return zoom < 0.5 ? "far" : "near";
}
