import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { REPLAY_POLICIES, type ReplayPolicy } from "../../core/capability.ts";

/** What is planned for a run, as the URL says it. */
export type PlanWish = {
  operation: "replay" | "fork" | "resume";
  /** At most one of the two; neither: the step that failed, or the beginning. */
  step: string | null;
  checkpoint: string | null;
  /** Of the skill; null: that of the source. */
  version: string | null;
  /** What was chosen for steps, by step id. */
  overrides: Readonly<Record<string, ReplayPolicy>>;
  /** What steps of the source are, by their id there; null for gone. */
  stepMap: Readonly<Record<string, string | null>>;
  /** Chosen bindings by capability id. */
  bindings: Readonly<Record<string, string>>;
} & PlanEdits;

/** Inputs and variables that are changed, by name; null for what is as in the source. */
export type PlanEdits = { inputs: JsonObject | null; vars: JsonObject | null };

/** Servers and chats cut longer links. */
const MAX_EDITS_CHARACTERS = 3_000;

/** False for edits that are too large for a link. */
export function fitLink({ inputs, vars }: PlanEdits): boolean {
  return encodeURIComponent(JSON.stringify([inputs, vars])).length <= MAX_EDITS_CHARACTERS;
}

/** Where the plan of a wish is looked at. */
export function planHref(runId: string, wish: Partial<PlanWish>): string {
  const query = new URLSearchParams();
  for (const name of ["operation", "step", "checkpoint", "version"] as const) {
    const value = wish[name];
    if (value !== undefined && value !== null) query.set(name, value);
  }
  // Ids hold no colon.
  for (const [stepId, policy] of Object.entries(wish.overrides ?? {}))
    query.append("choose", `${stepId}:${policy}`);
  for (const [from, to] of Object.entries(wish.stepMap ?? {}))
    query.append("map", `${from}:${to ?? ""}`);
  for (const [capabilityId, bindingId] of Object.entries(wish.bindings ?? {}))
    query.append("bind", `${capabilityId}:${bindingId}`);
  for (const name of ["inputs", "vars"] as const) {
    const edited = wish[name] ?? null;
    if (edited !== null) query.set(name, JSON.stringify(edited));
  }
  return `/runs/${runId}/plan?${query.toString()}`;
}

/** Reads a wish; what is not understood counts as not said. */
export function parsePlanWish(query: Pick<URLSearchParams, "get" | "getAll">): PlanWish {
  const operation = query.get("operation");
  return {
    operation: operation === "fork" || operation === "resume" ? operation : "replay",
    step: query.get("step"),
    checkpoint: query.get("step") === null ? query.get("checkpoint") : null,
    version: query.get("version"),
    overrides: Object.fromEntries(
      pairs(query.getAll("choose")).flatMap(([stepId, text]) => {
        const policy = REPLAY_POLICIES.find((each) => each === text);
        return policy === undefined ? [] : [[stepId, policy]];
      }),
    ),
    stepMap: Object.fromEntries(
      pairs(query.getAll("map")).map(([from, to]) => [from, to === "" ? null : to]),
    ),
    bindings: Object.fromEntries(pairs(query.getAll("bind"))),
    inputs: readEdits(query.get("inputs")),
    vars: readEdits(query.get("vars")),
  };
}

function readEdits(text: string | null): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The record with one entry set, or taken out where the value is undefined. */
export function withEntry<T>(
  record: Readonly<Record<string, T>>,
  name: string,
  value: T | undefined,
): Record<string, T> {
  const { [name]: _before, ...rest } = record;
  return value === undefined ? rest : { ...rest, [name]: value };
}

function pairs(texts: readonly string[]): [string, string][] {
  return texts.flatMap((text) => {
    const colon = text.indexOf(":");
    return colon < 1 ? [] : [[text.slice(0, colon), text.slice(colon + 1)]];
  });
}
