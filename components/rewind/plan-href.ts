/** What is planned for a run, as the URL says it. */
export type PlanWish = {
  operation: "replay" | "fork" | "resume";
  /** At most one of the two; neither: the step that failed, or the beginning. */
  step: string | null;
  checkpoint: string | null;
};

/** Where the plan of a wish is looked at. */
export function planHref(runId: string, wish: Partial<PlanWish>): string {
  const query = new URLSearchParams();
  for (const name of ["operation", "step", "checkpoint"] as const) {
    const value = wish[name];
    if (value !== undefined && value !== null) query.set(name, value);
  }
  return `/runs/${runId}/plan?${query.toString()}`;
}

/** Reads a wish; what is not understood counts as not said. */
export function parsePlanWish(query: Pick<URLSearchParams, "get">): PlanWish {
  const operation = query.get("operation");
  return {
    operation: operation === "fork" || operation === "resume" ? operation : "replay",
    step: query.get("step"),
    checkpoint: query.get("step") === null ? query.get("checkpoint") : null,
  };
}
