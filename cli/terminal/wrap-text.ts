import { textWidth } from "./text-width.ts";

/**
 * The text in lines of at most `width` columns, broken between words, with `indent` before every line but the first; one
 * line where there is no width. A word that is too long stays whole.
 */
export function wrapText(text: string, width: number | null, indent = ""): string[] {
  if (width === null) return [text];
  const [first = "", ...words] = text.split(" ");
  const lines: string[] = [];
  let line = first;
  for (const word of words) {
    const longer = `${line} ${word}`;
    if (textWidth(longer) > width && line.trim() !== "") {
      lines.push(line);
      line = indent + word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
