import type { Builtin, BuiltinContext } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { splitSentences } from "./sentences.ts";
import { tidy } from "./strip-markup.ts";
import { summarizeText } from "./summarize-text.ts";

type Change = {
  when: RegExp;
  name: string;
  apply: (text: string, context: BuiltinContext) => string | Promise<string>;
};

const CHANGES: readonly Change[] = [
  { when: /\b(?:as[- ]is|unchanged|verbatim)\b/i, name: "left as it is", apply: (text) => text },
  {
    when: /\b(?:upper ?case|capitals|capitali[sz]e all)\b/i,
    name: "upper case",
    apply: (text) => text.toUpperCase(),
  },
  { when: /\blower ?case\b/i, name: "lower case", apply: (text) => text.toLowerCase() },
  {
    when: /\btitle ?case\b/i,
    name: "title case",
    apply: (text) => text.replaceAll(/\b\p{L}/gu, (letter) => letter.toUpperCase()),
  },
  {
    when: /\b(?:bullets?|list|points)\b/i,
    name: "one bullet per sentence",
    apply: (text) =>
      splitSentences(text)
        .map((line) => `- ${line}`)
        .join("\n"),
  },
  {
    when: /\b(?:short(?:en|er)|summar|concise|brief|simplif|condense)/i,
    name: "shortened",
    apply: shorten,
  },
  {
    when: /\b(?:one|single) line\b/i,
    name: "one line",
    apply: (text) => text.replaceAll(/\s{1,}/g, " ").trim(),
  },
  {
    when: /\b(?:tidy|clean|whitespace|white space|trim|normali[sz]e)\b/i,
    name: "tidied white space",
    apply: tidy,
  },
];

/**
 * Changes a text by a directive in words. It knows: as is, upper/lower/title case, bullets, shorten, one line, tidy.
 * Any other directive needs a language model: the text then comes back unchanged, `partial`, and the rationale says so.
 */
export const transformText: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [text, goal] = [given.text("text"), given.text("goal")];
  const change = CHANGES.find((candidate) => candidate.when.test(goal));
  if (change === undefined) {
    return {
      text,
      status: "partial",
      rationale:
        "Returned unchanged: this goal needs a language model, and no such service is bound.",
    };
  }
  return {
    text: await change.apply(text, context),
    status: "ok",
    rationale: `Applied: ${change.name}.`,
  };
};

async function shorten(text: string, context: BuiltinContext): Promise<string> {
  const { summary } = await summarizeText({ text }, context);
  return typeof summary === "string" ? summary : text;
}
