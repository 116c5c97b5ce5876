import { francAll } from "franc-min";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { FUNCTION_WORDS } from "./function-words.ts";
import { splitWords } from "./sentences.ts";

/** ISO 639-3 codes of franc to the two letters that callers use; a language without two letters keeps three. */
const TWO_LETTERS: Readonly<Record<string, string>> = {
  arb: "ar",
  azj: "az",
  bel: "be",
  ben: "bn",
  bul: "bg",
  ces: "cs",
  cmn: "zh",
  deu: "de",
  ell: "el",
  eng: "en",
  fra: "fr",
  fuv: "ff",
  guj: "gu",
  hau: "ha",
  hin: "hi",
  hun: "hu",
  ibo: "ig",
  ind: "id",
  ita: "it",
  jav: "jv",
  jpn: "ja",
  kan: "kn",
  kaz: "kk",
  kin: "rw",
  kor: "ko",
  mal: "ml",
  mar: "mr",
  mya: "my",
  nep: "ne",
  nld: "nl",
  nya: "ny",
  ori: "or",
  pan: "pa",
  pes: "fa",
  plt: "mg",
  pol: "pl",
  por: "pt",
  ron: "ro",
  run: "rn",
  rus: "ru",
  sin: "si",
  som: "so",
  spa: "es",
  srp: "sr",
  sun: "su",
  swe: "sv",
  swh: "sw",
  tam: "ta",
  tel: "te",
  tgl: "tl",
  tha: "th",
  tur: "tr",
  ukr: "uk",
  urd: "ur",
  uzn: "uz",
  vie: "vi",
  yor: "yo",
  zlm: "ms",
  zul: "zu",
};

/** What a share of 1 of function words adds to a language's trigram score, which is 0 to 1. */
const FUNCTION_WORD_WEIGHT = 1.5;

/** Letters that among the languages above speak for one. */
const LETTERS: Readonly<Record<string, RegExp>> = {
  de: /ß/,
  es: /[ñ¿¡]/,
  pt: /[ãõ]/,
  ru: /[ыэё]/i,
  uk: /[іїєґ]/i,
};
const LETTER_BONUS = 0.3;

/** German writes nouns with a capital letter inside a sentence; where a quarter of the words do, it is likely German. */
const NOUN_SHARE = 0.25;

/**
 * The language of `text` by letter trigrams (franc) and by the share of its words that are function words of a language, as an
 * ISO 639-1 code where there is one, `und` where the text is too short. `confidence` (0 to 1) grows with the distance to the
 * runner-up and with the length of the text.
 */
export const detectLanguage: Builtin = (input) => {
  const text = new InputReader(input).text("text").slice(0, 20_000);
  const ranked = rankLanguages(text);
  const [first, second] = ranked;
  if (first === undefined) {
    return {
      language: "und",
      confidence: 0,
      candidates: [],
      status: "partial",
      rationale: "The text is too short to tell its language.",
    };
  }
  const margin = second === undefined ? 1 : first.score - second.score;
  const certainty = Math.min(1, text.length / 120);
  return {
    language: first.language,
    confidence: Math.round(Math.min(0.99, 0.3 + certainty * 0.3 + margin * 0.8) * 100) / 100,
    candidates: ranked.slice(0, 3).map(({ language }) => language),
    status: "ok",
    rationale: `Letters and function words fit ${first.language} best.`,
  };
};

function rankLanguages(text: string): { language: string; score: number }[] {
  const words = splitWords(text).map((word) => word.toLowerCase());
  const hasNouns =
    [...text.matchAll(/[\p{Ll},] \p{Lu}\p{Ll}{2}/gu)].length / Math.max(1, words.length) >=
    NOUN_SHARE;
  return francAll(text, { minLength: 3 })
    .filter(([code]) => code !== "und")
    .slice(0, 20)
    .map(([code, score]) => {
      const language = TWO_LETTERS[code] ?? code;
      const known = words.filter((word) => FUNCTION_WORDS[language]?.has(word) === true).length;
      const share = (known / Math.max(1, words.length)) * FUNCTION_WORD_WEIGHT;
      const hasSign = LETTERS[language]?.test(text) === true || (language === "de" && hasNouns);
      return { language, score: score + share + (hasSign ? LETTER_BONUS : 0) };
    })
    .sort((a, b) => b.score - a.score);
}
