import type { BuiltinModule } from "../builtin.ts";
import { analyzeSource } from "./analyze-source.ts";
import { evaluateSnippet } from "./evaluate-snippet.ts";
import { extractDiff } from "./extract-diff.ts";
import { formatSource } from "./format-source.ts";
import { summarizeDiff } from "./summarize-diff.ts";

/** Module `orca.code`: read and compare source code; it never runs any. */
export const CODE_MODULE: BuiltinModule = {
  analyze: analyzeSource,
  evaluate: evaluateSnippet,
  extract_diff: extractDiff,
  format: formatSource,
  summarize_diff: summarizeDiff,
};
