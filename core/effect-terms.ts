import type { Json, JsonObject } from "./json.ts";
import { isSecretName } from "./secret-names.ts";
import { credentialsIn } from "./secret-texts.ts";

/** So much of one effect can be found; what a larger request holds beyond is not. */
const MAX_FIELDS = 64;
const MAX_WORDS = 96;
const MAX_VALUE_CHARACTERS = 512;

/** What an effect can be found by, apart from its state and time. */
export type EffectFacts = {
  capabilityId: string;
  bindingId: string;
  serviceId: string | null;
  stepPath: string;
  receipt: string | null;
};

/** Values of filters, each of which has to fit; absent ones ask for nothing. */
export type EffectTermFilter = {
  capability?: string | undefined;
  binding?: string | undefined;
  target?: string | undefined;
  receipt?: string | undefined;
  /** Values of request fields by path. */
  request?: Readonly<Record<string, string>> | undefined;
  /** Words that stand anywhere in the effect's ids, receipt or request. */
  words?: string | undefined;
};

/**
 * The terms of an effect: texts that a filter can ask for. Secrets give none: neither what stands under a secret's name,
 * nor texts that show a credential or one of `secrets`.
 */
export function termsOfEffect(
  facts: EffectFacts,
  request: JsonObject | null,
  secrets: readonly string[],
): Set<string> {
  const { capabilityId, bindingId, serviceId, stepPath } = facts;
  const isReceiptSecret = facts.receipt !== null && isSecretText(facts.receipt, secrets);
  const receipt = isReceiptSecret ? null : facts.receipt;
  const terms = new Set([fieldTerm("capability", capabilityId), fieldTerm("binding", bindingId)]);
  for (const target of [capabilityId, bindingId, serviceId]) {
    if (target !== null) terms.add(fieldTerm("target", target));
  }
  if (receipt !== null) terms.add(fieldTerm("receipt", receipt));
  const words = new Set<string>();
  const addWords = (text: string) => {
    for (const word of wordsIn(text)) if (words.size < MAX_WORDS) words.add(word);
  };
  for (const text of [capabilityId, bindingId, serviceId, stepPath, receipt]) addWords(text ?? "");
  for (const [path, value] of fieldsOf(request ?? {}, secrets)) {
    terms.add(fieldTerm(`request.${path}`, value));
    addWords(value);
  }
  for (const word of words) terms.add(wordTerm(word));
  return terms;
}

/** The terms that an effect must have to fit a filter. */
export function termsOfFilter(filter: EffectTermFilter): string[] {
  const { capability, binding, target, receipt, request = {}, words = "" } = filter;
  const fields = { capability, binding, target, receipt };
  return [
    ...Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [fieldTerm(name, value)],
    ),
    ...Object.entries(request).map(([path, value]) => fieldTerm(`request.${path}`, value)),
    ...new Set(wordsIn(words).map(wordTerm)),
  ];
}

/** Lower-case words of letters and digits, at least two characters long. */
export function wordsIn(text: string): string[] {
  const words = text
    .slice(0, MAX_VALUE_CHARACTERS)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => word.length > 1);
}

function fieldTerm(name: string, value: string): string {
  return `${name}=${value.slice(0, MAX_VALUE_CHARACTERS)}`;
}

function wordTerm(word: string): string {
  return `word=${word}`;
}

/** The single values of a request by dotted path; the items of a list stand under the list's own path. */
function* fieldsOf(
  request: JsonObject,
  secrets: readonly string[],
): Generator<[path: string, value: string]> {
  let left = MAX_FIELDS;
  const pending: { path: string; value: Json }[] = [{ path: "", value: request }];
  for (let next = pending.shift(); next !== undefined && left > 0; next = pending.shift()) {
    const { path, value } = next;
    if (typeof value === "object" && value !== null) {
      const isList = Array.isArray(value);
      // More than that could not be used anyway, and a large list would be copied for nothing.
      for (const [key, each] of Object.entries(value).slice(0, MAX_FIELDS)) {
        if (!isList && isSecretName(key)) continue;
        pending.push({ path: isList ? path : path === "" ? key : `${path}.${key}`, value: each });
      }
      continue;
    }
    left -= 1;
    const text = String(value);
    if (!isSecretText(text, secrets)) yield [path, text];
  }
}

function isSecretText(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => text.includes(secret)) || credentialsIn(text).length > 0;
}
