import type { Builtin } from "../builtin.ts";
import { detectLanguage } from "./detect-language.ts";
import { InputReader } from "../input-reader.ts";

/**
 * Does not translate: there is no translation engine in the process. Returns `text` unchanged; `partial` with a warning
 * unless the text already is in `target_language`. Bind a translation service to this capability for more.
 */
export const translateText: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [text, target] = [given.text("text"), given.text("target_language").toLowerCase()];
  const detected = await detectLanguage({ text }, context);
  const source = given.text(
    "source_language",
    typeof detected["language"] === "string" ? detected["language"] : "und",
  );
  const isSame = source.toLowerCase().split("-")[0] === target.split("-")[0];
  const warning = `Not translated: no translation engine is configured. The text is still in ${source === "und" ? "its own language" : source}.`;
  return {
    translation: text,
    source_language: source,
    is_translated: false,
    warnings: isSame ? [] : [warning],
    status: isSame ? "ok" : "partial",
    rationale: isSame ? `The text already is in ${target}.` : warning,
  };
};
