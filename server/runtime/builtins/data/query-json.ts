import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { readPath } from "./read-path.ts";

/** The value at `path` of `data`; `found` tells a missing value from null, `default` replaces a missing one. */
export const queryJson: Builtin = (input) => {
  const given = new InputReader(input);
  const value = readPath(given.json("data"), given.text("path"));
  return {
    value: value ?? given.json("default"),
    found: value !== undefined,
    status: "ok",
    rationale: value === undefined ? "The path leads nowhere." : "Found at the path.",
  };
};
