import type { Json } from "./json.ts";
import { readPath } from "./json-path.ts";
import { handOut } from "./owned-values.ts";
import { getOwn } from "./own-property.ts";
import { NAMESPACES, type Namespace, type Scope } from "./scope.ts";

/** A place in the scope. `source` is `<namespace>.<path>`; for a local it is the text as written. */
export type Reference = {
  namespace: Namespace | "locals";
  path: readonly string[];
  source: string;
};

const NAMESPACE_NAMES: ReadonlySet<string> = new Set(NAMESPACES);

/** True for the name of one of the seven namespaces. */
export function isNamespace(name: string): name is Namespace {
  return NAMESPACE_NAMES.has(name);
}

/**
 * The reference that a text is, or null where it is a literal. A text is a reference when a namespace
 * and a dot start it, or a name in `locals`, alone or followed by a dot. A local hides a namespace.
 */
export function parseReference(text: string, locals: readonly string[]): Reference | null {
  const dot = text.indexOf(".");
  const head = dot === -1 ? text : text.slice(0, dot);
  if (locals.includes(head)) return { namespace: "locals", path: text.split("."), source: text };
  if (dot === -1 || !isNamespace(head)) return null;
  return { namespace: head, path: text.slice(dot + 1).split("."), source: text };
}

/** Everything after the namespace as one key: `a.b` of `vars.a.b`. */
export function flatKeyOf(place: Pick<Reference, "namespace" | "path" | "source">): string {
  const [first = ""] = place.path;
  return place.path.length === 1 ? first : place.source.slice(place.namespace.length + 1);
}

/**
 * The value that a reference names, or undefined; never throws. In `inputs`, `vars` and `outputs` the
 * exact flat key ("a.b") comes first, then the walk through maps and list indices. What only a
 * prototype has is not found. The value is shared, not copied, and does not change later.
 */
export function readReference(reference: Reference, scope: Scope): Json | undefined {
  const { namespace, path } = reference;
  const root = scope[namespace];
  if (
    path.length > 1 &&
    (namespace === "inputs" || namespace === "vars" || namespace === "outputs")
  ) {
    const flat = getOwn(root, flatKeyOf(reference));
    if (flat !== undefined) return handOut(flat);
  }
  return handOut(readPath(root, path));
}
