import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { findSecrets } from "../security/detect-secret.ts";

const FUNCTIONS: Readonly<Record<string, RegExp>> = {
  python: /^\s{0,80}(?:async )?def \w/,
  go: /^func /,
  rust: /^\s{0,80}(?:pub )?(?:async )?fn \w/,
  ruby: /^\s{0,80}def \w/,
};
const C_LIKE_FUNCTION =
  /\bfunction\b|=>\s{0,4}[{(]|^\s{1,80}(?:public|private|protected|static|async)[\w<>[\], ]{0,80}\(/;
const CLASS =
  /^\s{0,80}(?:export )?(?:default )?(?:public |abstract |final )?(?:class|interface|struct|trait|enum) \w/;
const BRANCHES = /\b(?:if|elif|for|while|case|catch|except|when)\b|&&|\|\||\?\?|\?(?=[^.:?])/g;
const LONG_LINE = 120;

/**
 * Counts lines, functions, classes and branches by patterns (no parser), so figures are estimates. `complexity` is
 * branches + 1 (after McCabe, 1976). Warnings: long lines, deep nesting, TODOs, credentials.
 */
export const analyzeSource: Builtin = (input) => {
  const given = new InputReader(input);
  const language = given.text("language", "text").toLowerCase();
  const lines = given.text("code").split("\n");
  const comment = ["python", "ruby", "bash", "sh", "yaml"].includes(language) ? "#" : "//";
  const isFunction = FUNCTIONS[language] ?? C_LIKE_FUNCTION;
  const code = lines
    .map((line) => line.slice(0, 2_000))
    .filter((line) => line.trim() !== "" && !line.trimStart().startsWith(comment));
  const branches = code.reduce((sum, line) => sum + [...line.matchAll(BRANCHES)].length, 0);
  const metrics = {
    lines: lines.length,
    code_lines: code.length,
    blank_lines: lines.filter((line) => line.trim() === "").length,
    comment_lines: lines.filter((line) => line.trimStart().startsWith(comment)).length,
    functions: code.filter((line) => isFunction.test(line)).length,
    classes: code.filter((line) => CLASS.test(line)).length,
    complexity: branches + 1,
    deepest_indent: Math.max(
      0,
      ...code
        .slice(0, 50_000)
        .map((line) =>
          Math.floor((/^ {0,400}/.exec(line.replaceAll("\t", "    "))?.[0].length ?? 0) / 4),
        ),
    ),
  };
  const warnings = [
    ...lines.flatMap((line, index) =>
      line.length > LONG_LINE ? [`Line ${index + 1} is ${line.length} characters long.`] : [],
    ),
    ...lines.flatMap((line, index) =>
      /\b(?:TODO|FIXME|XXX)\b/.test(line) ? [`Line ${index + 1} has an open TODO.`] : [],
    ),
    ...(metrics.deepest_indent > 5 ? [`Nested ${metrics.deepest_indent} levels deep.`] : []),
    ...findSecrets(lines.join("\n")).map((secret) => `Looks like a credential (${secret.type}).`),
  ].slice(0, 200);
  return {
    metrics,
    warnings,
    summary: `${metrics.code_lines} lines of ${language}, ${metrics.functions} functions, complexity about ${metrics.complexity}, ${warnings.length} warnings.`,
    status: "ok",
    rationale: "Counted by patterns, without a parser.",
  };
};
