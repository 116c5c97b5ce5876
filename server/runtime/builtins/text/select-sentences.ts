import { contentWords } from "./content-words.ts";
import { splitSentences } from "./sentences.ts";

/** Sentences scored at most; the rest of a longer text is left out of the choice. */
const MAX_SENTENCES = 5_000;

/** The chosen sentences in their order, out of how many, and whether a long text was cut. */
export type SentenceChoice = { sentences: string[]; considered: number; isCut: boolean };

/**
 * Chooses the sentences that tell most of a text, in their original order, until `fits` refuses the next.
 * SumBasic (Nenkova and Vanderwende, 2005) over Luhn's word frequencies (1958): the sentence with the highest
 * mean word probability goes next, then the probabilities of its words are squared so that it is not repeated.
 */
export function selectSentences(
  text: string,
  fits: (chosen: readonly string[], next: string) => boolean,
  signal?: AbortSignal,
): SentenceChoice {
  const all = [...new Set(splitSentences(text))];
  const pool = all.slice(0, MAX_SENTENCES).map((sentence, index) => ({
    sentence,
    index,
    words: contentWords(sentence),
  }));
  const probability = wordProbabilities(pool.map((entry) => entry.words));
  const chosen: { sentence: string; index: number }[] = [];
  const open = new Set(pool.filter((entry) => entry.words.length > 0));
  while (open.size > 0) {
    signal?.throwIfAborted();
    const best = bestOf(open, probability);
    if (
      best === null ||
      !fits(
        chosen.map((entry) => entry.sentence),
        best.sentence,
      )
    )
      break;
    open.delete(best);
    chosen.push(best);
    for (const word of new Set(best.words))
      probability.set(word, (probability.get(word) ?? 0) ** 2);
  }
  const inOrder = [...chosen].sort((a, b) => a.index - b.index).map((entry) => entry.sentence);
  return { sentences: inOrder, considered: pool.length, isCut: all.length > MAX_SENTENCES };
}

function wordProbabilities(sentences: readonly string[][]): Map<string, number> {
  const counts = new Map<string, number>();
  let total = 0;
  for (const words of sentences) {
    for (const word of words) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      total += 1;
    }
  }
  return new Map([...counts].map(([word, count]) => [word, count / total]));
}

type Scored = { sentence: string; index: number; words: string[] };

function bestOf(
  open: ReadonlySet<Scored>,
  probability: ReadonlyMap<string, number>,
): Scored | null {
  let best: Scored | null = null;
  let bestScore = -1;
  for (const entry of open) {
    const sum = entry.words.reduce((total, word) => total + (probability.get(word) ?? 0), 0);
    const score = sum / entry.words.length;
    if (score > bestScore) {
      best = entry;
      bestScore = score;
    }
  }
  return best;
}
