/** What the page compares. `step` is `step` or `step#occurrence`, "" for the runs as wholes, null for no choice yet. */
export type Comparison = { a: string | null; b: string | null; step: string | null };

/** The address of the page that compares two runs; with one of them, of the page that asks for the other. */
export function compareHref({ a, b, step }: Comparison): string {
  const query = new URLSearchParams();
  if (a !== null) query.set("a", a);
  if (b !== null) query.set("b", b);
  if (step !== null) query.set("step", step);
  return query.size === 0 ? "/compare" : `/compare?${query.toString()}`;
}

/** What a page's address compares; an empty id is none. */
export function parseComparison(params: Pick<URLSearchParams, "get">): Comparison {
  const idOf = (name: string) => {
    const id = params.get(name)?.trim() ?? "";
    return id === "" ? null : id;
  };
  return { a: idOf("a"), b: idOf("b"), step: params.get("step") };
}
