/** A stretch of time in milliseconds since 1970. */
export type Span = { start: number; end: number };

/** How long at least one of the spans lasts; overlaps count once. */
export function coveredTime(spans: readonly Span[]): number {
  let covered = 0;
  let reached = -Infinity;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    covered += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return covered;
}
