import { FUNCTION_WORDS } from "./function-words.ts";

/** Function words of one language that mean something in English; taking them out of English texts would lose content. */
const ENGLISH_CONTENT = new Set([
  "also",
  "die",
  "era",
  "man",
  "on",
  "par",
  "son",
  "war",
  "ton",
  "hat",
  "bin",
  "mine",
  "mi",
  "ma",
  "ha",
]);

const STOP_WORDS = new Set(
  ["en", "de", "es", "fr"].flatMap((language) =>
    [...(FUNCTION_WORDS[language] ?? [])].filter(
      (word) => language === "en" || !ENGLISH_CONTENT.has(word),
    ),
  ),
);

/** True for a word that carries grammar rather than meaning (English, German, Spanish, French), or a single letter. */
export function isStopWord(word: string): boolean {
  return word.length < 2 || STOP_WORDS.has(word.toLowerCase());
}
