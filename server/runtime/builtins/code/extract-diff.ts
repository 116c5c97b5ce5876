import { createTwoFilesPatch } from "diff";
import { DomainError } from "../../../../core/errors.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { countPatch } from "./summarize-diff.ts";

/**
 * The unified diff from `code_a` to `code_b` (empty where they are equal), named `filename`, with `context_lines` (3).
 * Gives up after five seconds with `step_timeout`.
 */
export const extractDiff: Builtin = (input) => {
  const given = new InputReader(input);
  const [before, after] = [given.text("code_a"), given.text("code_b")];
  const name = given.text("filename", "code");
  if (before === after)
    return { diff: "", added: 0, removed: 0, status: "ok", rationale: "The versions are equal." };
  const diff = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, {
    context: given.whole("context_lines", 3, 0, 100),
    timeout: 5_000,
  });
  if (diff === undefined)
    throw new DomainError(
      "step_timeout",
      "The versions differ too much to compare in five seconds.",
      { hint: "Compare smaller files." },
    );
  const { added, removed } = countPatch(diff);
  return {
    diff,
    added,
    removed,
    status: "ok",
    rationale: `${added} lines added, ${removed} removed.`,
  };
};
