import { splitWords } from "./sentences.ts";
import { isStopWord } from "./stop-words.ts";

/** The words of a text that carry meaning, lower-case and cut to a rough stem so that plurals meet. */
export function contentWords(text: string): string[] {
  return splitWords(text)
    .map((word) => word.toLowerCase())
    .filter((word) => !isStopWord(word))
    .map(stem);
}

/** Cuts the commonest English endings; it only has to bring forms of a word together, not to be a real root. */
export function stem(word: string): string {
  if (word.length > 5 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 5 && word.endsWith("ing")) return word.slice(0, -3);
  if (word.length > 4 && word.endsWith("ed")) return word.slice(0, -2);
  if (word.length > 4 && word.endsWith("es")) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith("s") && !word.endsWith("ss")) return word.slice(0, -1);
  return word;
}

/** How often each content word occurs. */
export function countContentWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of contentWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
