import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { isMarkup, stripMarkup, tidy } from "../text/strip-markup.ts";

/** Title, readable text and links of an HTML page (`content`); a text without markup comes back tidied. */
export const extractPage: Builtin = (input) => {
  const content = new InputReader(input).text("content");
  const page = isMarkup(content)
    ? stripMarkup(content)
    : { title: "", text: tidy(content), links: [] };
  return {
    ...page,
    status: page.text === "" ? "partial" : "ok",
    rationale: `Kept ${page.text.length} of ${content.length} characters.`,
  };
};
