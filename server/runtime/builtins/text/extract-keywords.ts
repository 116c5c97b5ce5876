import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { splitSentences } from "./sentences.ts";
import { isStopWord } from "./stop-words.ts";

const MAX_PHRASE_WORDS = 3;
const WORDS = new Intl.Segmenter("en", { granularity: "word" });

/**
 * The key phrases of `text`, best first: RAKE (Rose et al., 2010) with phrases of up to three words; a longer run
 * of content words counts as its pairs. A word
 * scores degree / frequency, a phrase the sum of its words times how often it occurs. `max_keywords` is 10 unless given.
 */
export const extractKeywords: Builtin = (input, context) => {
  const given = new InputReader(input);
  const limit = given.whole("max_keywords", 10, 1, 200);
  const phrases = candidatePhrases(given.text("text"), context.signal);
  const wordScore = scoreWords(phrases);
  const scores = new Map<string, { score: number; count: number }>();
  for (const phrase of phrases) {
    const key = phrase.join(" ");
    const score = phrase.reduce((sum, word) => sum + (wordScore.get(word) ?? 0), 0);
    scores.set(key, { score, count: (scores.get(key)?.count ?? 0) + 1 });
  }
  const ranked = [...scores]
    .map(([phrase, { score, count }]) => ({ phrase, score: score * count, count }))
    .sort((a, b) => b.score - a.score || a.phrase.localeCompare(b.phrase))
    .slice(0, limit);
  return {
    keywords: ranked.map((entry) => entry.phrase),
    scored_keywords: ranked.map((entry) => ({
      ...entry,
      score: Math.round(entry.score * 100) / 100,
    })),
    status: "ok",
    rationale: `Ranked ${scores.size} phrases by RAKE.`,
  };
};

function candidatePhrases(text: string, signal: AbortSignal): string[][] {
  const phrases: string[][] = [];
  for (const sentence of splitSentences(text)) {
    signal.throwIfAborted();
    let current: string[] = [];
    const flush = () => {
      if (current.length > 0 && current.length <= MAX_PHRASE_WORDS) phrases.push(current);
      else
        for (let at = 0; at + 1 < current.length; at += 1) phrases.push(current.slice(at, at + 2));
      current = [];
    };
    for (const { segment, isWordLike } of WORDS.segment(sentence)) {
      const word = segment.toLowerCase();
      if (isWordLike === true && !isStopWord(word) && !/^\d+$/.test(word)) current.push(word);
      else if (segment.trim() !== "" && segment !== "-") flush();
    }
    flush();
  }
  return phrases;
}

function scoreWords(phrases: readonly string[][]): Map<string, number> {
  const frequency = new Map<string, number>();
  const degree = new Map<string, number>();
  for (const phrase of phrases) {
    for (const word of phrase) {
      frequency.set(word, (frequency.get(word) ?? 0) + 1);
      degree.set(word, (degree.get(word) ?? 0) + phrase.length);
    }
  }
  return new Map([...frequency].map(([word, count]) => [word, (degree.get(word) ?? 0) / count]));
}
