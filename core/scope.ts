import type { JsonObject } from "./json.ts";

/** The namespaces that a reference may name. */
export const NAMESPACES = [
  "inputs",
  "vars",
  "outputs",
  "frame",
  "working",
  "output",
  "extensions",
] as const;
export type Namespace = (typeof NAMESPACES)[number];

/** What references and expressions of one step can see. `locals` are loop variables, `signal` and the like. */
export type Scope = Record<Namespace | "locals", JsonObject>;

/** A scope of the given parts, every other namespace empty. The parts are taken over, not copied. */
export function makeScope(parts: Partial<Scope> = {}): Scope {
  return {
    inputs: {},
    vars: {},
    outputs: {},
    frame: {},
    working: {},
    output: {},
    extensions: {},
    locals: {},
    ...parts,
  };
}
