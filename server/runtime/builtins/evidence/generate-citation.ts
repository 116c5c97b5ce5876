import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

/** A citation of `source` (title, author(s), date, publisher, url) with the quoted `excerpt` and `locator`, as fields and as one line of text. Missing parts are named in `missing`. */
export const generateCitation: Builtin = (input) => {
  const given = new InputReader(input);
  const source = given.object("source");
  const authors = asText(
    source["author"] ??
      (Array.isArray(source["authors"])
        ? source["authors"].map(asText).join(", ")
        : source["authors"]),
  );
  const [title, url, date] = [
    asText(source["title"] ?? source["name"]),
    asText(source["url"] ?? source["location"]),
    asText(source["date"] ?? source["published_at"] ?? source["year"]),
  ];
  const [locator, excerpt] = [given.text("locator", ""), given.text("excerpt", "")];
  const parts = [
    authors,
    date === "" ? "" : `(${date})`,
    title === "" ? "" : `“${title}”`,
    asText(source["publisher"]),
    locator,
    url,
  ].filter((part) => part !== "");
  const missing = Object.entries({ title, authors, date, url })
    .filter(([, value]) => value === "")
    .map(([name]) => name);
  return {
    citation: { title, authors, date, url, locator, excerpt, text: parts.join(", "), missing },
    status: missing.length === 0 ? "ok" : "partial",
    rationale:
      missing.length === 0
        ? "Every part is there."
        : `The source does not give: ${missing.join(", ")}.`,
  };
};
