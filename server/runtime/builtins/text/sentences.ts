const SENTENCES = new Intl.Segmenter("en", { granularity: "sentence" });
const WORDS = new Intl.Segmenter("en", { granularity: "word" });

/** The sentences of a text (Unicode Standard Annex 29), trimmed, without empty ones. A line break ends a sentence. */
export function splitSentences(text: string): string[] {
  const found: string[] = [];
  for (const { segment } of SENTENCES.segment(text)) {
    const sentence = segment.trim();
    if (sentence !== "") found.push(sentence);
  }
  return found;
}

/** The words of a text as written, punctuation left out. */
export function splitWords(text: string): string[] {
  const found: string[] = [];
  for (const { segment, isWordLike } of WORDS.segment(text))
    if (isWordLike === true) found.push(segment);
  return found;
}
