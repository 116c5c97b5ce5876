import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { isMarkup, stripMarkup, tidy } from "./strip-markup.ts";

/** The readable text of `text`: markup stripped where it is HTML, white space tidied in any case. */
export const extractContent: Builtin = (input) => {
  const text = new InputReader(input).text("text");
  const isHtml = isMarkup(text);
  return {
    text: isHtml ? stripMarkup(text).text : tidy(text),
    status: "ok",
    rationale: isHtml
      ? "Stripped the markup of a web page."
      : "The text holds no markup; only white space was tidied.",
  };
};
