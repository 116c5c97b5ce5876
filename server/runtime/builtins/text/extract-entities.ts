import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { isStopWord } from "./stop-words.ts";

/** Something named in a text, with its place. */
export type Entity = { text: string; type: string; start: number; end: number };

/** Found at most; the search for overlaps is quadratic in it. */
const MAX_ENTITIES = 5_000;

/** Linear patterns of things that look the same in every text. Earlier kinds win over later ones. */
const PATTERNS: readonly { type: string; pattern: RegExp }[] = [
  { type: "URL", pattern: /\bhttps?:\/\/[^\s<>"']{1,2000}/g },
  { type: "EMAIL", pattern: /\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b/g },
  {
    type: "PERSON",
    pattern:
      /\b(?:Mr|Mrs|Ms|Dr|Prof|Sir)\.? \p{Lu}[\p{L}'-]{1,40}(?: \p{Lu}[\p{L}'-]{1,40}){0,2}/gu,
  },
  { type: "DATE", pattern: /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/g },
  {
    type: "DATE",
    pattern:
      /\b(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{1,2}(?:st|nd|rd|th)?)?(?:,? \d{4})\b/g,
  },
  {
    type: "MONEY",
    pattern:
      /(?:[$€£¥] ?\d[\d,.]{0,20}(?: ?(?:million|billion|thousand|[kKmM])\b)?)|\b\d[\d,.]{0,20} ?(?:USD|EUR|GBP|CHF|JPY)\b/g,
  },
  { type: "PERCENT", pattern: /\b\d{1,6}(?:\.\d{1,6})? ?%/g },
  { type: "PHONE", pattern: /\+\d{1,3}[ -]?(?:\(?\d{1,4}\)?[ -]?){2,5}\d{2,4}\b/g },
  { type: "DATE", pattern: /\b(?:in|since|by|of|until|from) (?:19|20)\d{2}\b/g },
];

const NAME =
  /\p{Lu}[\p{L}\d&'’-]{0,40}(?: (?:of |de |van |von |the )?\p{Lu}[\p{L}\d&'’-]{0,40}){0,5}/gu;
const ORGANIZATION =
  /\b(?:Inc|Ltd|LLC|GmbH|Corp|Corporation|Company|Group|Bank|University|Institute|Union|Commission|Ministry|Agency|Reserve|Association|Committee|Court|Council|Department|Foundation)\b/;
const PERSON_BEFORE =
  /(?:^|\s)(?:Mr|Mrs|Ms|Dr|Prof|CEO|CTO|CFO|President|Minister|Judge|Sir)\.?\s$/;
const PLACE_BEFORE = /(?:^|\s)(?:in|near|from|across|throughout)\s$/i;

/**
 * Names, addresses, dates, money, shares and phone numbers in a text, by patterns and capital letters. A name is an
 * ORGANIZATION, PERSON or LOCATION only where a word beside it says so, else `NAME`: no model is asked.
 */
export const extractEntities: Builtin = (input, context) => {
  const given = new InputReader(input);
  const entities = findEntities(given.text("text"), context.signal);
  return {
    entities: entities.slice(0, given.whole("max_entities", 500, 1, MAX_ENTITIES)),
    status: "ok",
    rationale: `Found ${entities.length} by patterns and capitalised names; types are hints from the words beside them.`,
  };
};

/** The entities of a text in the order they stand in it, none overlapping. */
export function findEntities(text: string, signal?: AbortSignal): Entity[] {
  const taken: Entity[] = [];
  for (const { type, pattern } of PATTERNS) {
    signal?.throwIfAborted();
    for (const match of text.matchAll(pattern)) addIfFree(taken, match[0], type, match.index);
  }
  for (const match of text.matchAll(NAME)) {
    signal?.throwIfAborted();
    const name = trimName(match[0], match.index, text);
    if (name !== null)
      addIfFree(
        taken,
        name.text,
        nameType(name.text, text.slice(Math.max(0, name.start - 20), name.start)),
        name.start,
      );
  }
  return taken.sort((a, b) => a.start - b.start);
}

function addIfFree(taken: Entity[], found: string, type: string, start: number): void {
  const text = found.replace(/[.,;:]{1,5}$/, "");
  const end = start + text.length;
  if (
    text !== "" &&
    taken.length < MAX_ENTITIES &&
    !taken.some((other) => start < other.end && other.start < end)
  )
    taken.push({ text, type, start, end });
}

/** Drops a leading stop word ("The European Union"), and a lone word that is capital only because it opens a sentence. */
function trimName(
  match: string,
  start: number,
  text: string,
): { text: string; start: number } | null {
  const [first = "", ...rest] = match.split(" ");
  const opensSentence =
    start === 0 || /[.!?\n"]\s{0,5}$/.test(text.slice(Math.max(0, start - 6), start));
  if (isStopWord(first))
    return rest.length === 0 ? null : trimName(rest.join(" "), start + first.length + 1, text);
  if (rest.length === 0 && opensSentence && !/\p{Lu}\P{Lu}{0,40}\p{Lu}/u.test(first)) {
    return isLikelyName(first, text, start) ? { text: match, start } : null;
  }
  return { text: match, start };
}

/** A sentence-opening word followed by a past-tense verb ("Apple released") is taken as a name. */
function isLikelyName(word: string, text: string, start: number): boolean {
  return (
    word.length > 2 &&
    /^ [a-z]{2,20}(?:ed|s|said|says)\b/.test(
      text.slice(start + word.length, start + word.length + 24),
    )
  );
}

function nameType(name: string, before: string): string {
  if (ORGANIZATION.test(name)) return "ORGANIZATION";
  if (PERSON_BEFORE.test(before)) return "PERSON";
  if (PLACE_BEFORE.test(before)) return "LOCATION";
  return "NAME";
}
