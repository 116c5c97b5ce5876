import { toOneLine } from "./one-line.ts";
import type { Paint } from "./tone.ts";

/** A label and what it says; null where there is nothing to say. */
export type Fact = readonly [label: string, value: string | null];

/** Lines of `label  value`, aligned; facts without a value are left out. */
export function renderFacts(facts: readonly Fact[], paint: Paint): string[] {
  const said = facts.flatMap(([label, value]) =>
    value === null || value === "" ? [] : [[label, toOneLine(value)] as const],
  );
  const width = Math.max(0, ...said.map(([label]) => label.length));
  return said.map(([label, value]) => `  ${paint("quiet", label.padEnd(width))}  ${value}`);
}
