import type { Builtin } from "../builtin.ts";
import { parseJsonText } from "../data/parse-json.ts";
import { InputReader } from "../input-reader.ts";

/**
 * Tidies source text: JSON is laid out anew with two spaces; in any other language only line ends, trailing white space and
 * runs of empty lines are put right, which is `partial`, because no formatter of that language is bound.
 */
export const formatSource: Builtin = (input) => {
  const given = new InputReader(input);
  const [code, language] = [given.text("code"), given.text("language", "text").toLowerCase()];
  if (language === "json") {
    return {
      formatted_code: `${JSON.stringify(parseJsonText(code), null, 2)}\n`,
      status: "ok",
      rationale: "Laid out as JSON.",
    };
  }
  const lines = code
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.trimEnd());
  return {
    formatted_code: `${lines
      .join("\n")
      .replaceAll(/\n{3,}/g, "\n\n")
      .trimEnd()}\n`,
    status: "partial",
    rationale: `Only white space was tidied: no formatter for ${language} is bound.`,
  };
};
