import { DomainError } from "./errors.ts";

const WRITABLE = ["vars", "outputs", "working", "output", "extensions"] as const;

/** A place in the scope that a step may write. `source` is `<namespace>.<path>`. */
export type Target = {
  namespace: (typeof WRITABLE)[number];
  path: readonly string[];
  source: string;
};

/** Parses a target. DomainError `invalid_configuration` for a read-only or unknown namespace or an empty segment. */
export function parseTarget(text: string): Target {
  const [head = "", ...path] = text.split(".");
  const namespace = WRITABLE.find((name) => name === head);
  if (namespace === undefined) {
    const isReadOnly = head === "inputs" || head === "frame" || head === "trace";
    throw invalidTarget(
      text,
      isReadOnly ? `${head} is read-only` : `there is no namespace "${head}"`,
    );
  }
  if (path.length === 0) throw invalidTarget(text, `the name after ${namespace} is missing`);
  if (path.includes("")) throw invalidTarget(text, "a name between the dots is empty");
  if (path.includes("__proto__")) throw invalidTarget(text, "__proto__ is not a name");
  return { namespace, path, source: text };
}

function invalidTarget(text: string, problem: string): DomainError {
  return new DomainError("invalid_configuration", `"${text}" cannot be written: ${problem}.`, {
    hint: `Write to ${WRITABLE.map((name) => `${name}.<name>`).join(", ")}.`,
    details: { target: text },
  });
}
