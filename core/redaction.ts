import type { Json, JsonObject } from "./json.ts";
import { parseReference } from "./references.ts";
import { isSecretName } from "./secret-names.ts";
import { credentialsIn, maybeSecret, MIN_PART_LENGTH, writtenForms } from "./secret-texts.ts";

/** What stands in place of a secret that is not told apart from others. */
export const MASK = "[redacted]";

/** Why a place was redacted: the instance knows the value, its name says so, or its form does. */
export type RedactionReason = "known_secret" | "secret_name" | "credential";

/** What was redacted at one place. List positions and numbers of events are left out of the path. */
export type RedactionEntry = { part: string; path: string; reason: RedactionReason; count: number };

/** `data` is what went through a run; in a `definition` a secret's name usually has a type or a reference below it. */
export type RedactedKind = "data" | "definition";

/** These hold what people and services wrote; everything beside them is the engine's own. */
const DATA_KEYS = new Set(
  "inputs|input|output|outputs|payload|items|attributes|receipt|details|value".split("|"),
);

/**
 * Finds secrets and takes them out. First `learn` from everything, then `redact` everything: a value that stands under
 * a secret's name once is a secret wherever it stands. Equal secrets get equal marks, so that what compared equal does.
 */
export class Redactor {
  readonly #secrets = new Map<string, { mark: string; reason: RedactionReason }>();
  readonly #entries = new Map<string, RedactionEntry>();
  /** The secret that each written form is of. */
  #forms = new Map<string, string>();
  /** Null where a secret was added since; a form that is too long for a pattern is in `longForms`. */
  #pattern: RegExp | null = null;
  #longForms: string[] = [];
  readonly #fixedMark: string | null;

  /** With a `fixedMark`, all secrets get this one, so that marks do not depend on what else was learned. */
  constructor(known: Iterable<string>, fixedMark: string | null = null) {
    this.#fixedMark = fixedMark;
    this.know(known);
  }

  /** Takes note of values that are secrets wherever they stand. */
  know(secrets: Iterable<string>): void {
    for (const secret of secrets) this.#add(secret, "known_secret");
  }

  /** Takes note of the secrets in a value. */
  learn(value: Json, kind: RedactedKind): void {
    if (kind === "data") this.#learnData(value, false);
    else this.#learnDefinition(value);
  }

  /** The value without secrets; the same object where it holds none. `path` names its place for the report. */
  redact(value: Json, kind: RedactedKind, part: string, path: string): Json {
    return this.#redact(value, { part, path, isNamed: false, isData: false, kind });
  }

  /** What was redacted so far, by place. */
  get report(): RedactionEntry[] {
    return [...this.#entries.values()];
  }

  #add(secret: string, reason: RedactionReason): void {
    if (!maybeSecret(secret) || this.#secrets.has(secret)) return;
    const mark = this.#fixedMark ?? `[redacted:${this.#secrets.size + 1}]`;
    this.#secrets.set(secret, { mark, reason });
    this.#pattern = null;
  }

  #learnText(text: string): void {
    for (const secret of credentialsIn(text)) this.#add(secret, "credential");
  }

  #learnData(value: Json, isNamed: boolean): void {
    if (typeof value === "string") this.#learnText(value);
    if (typeof value !== "object" || value === null) {
      // Below a secret's name stand other things too: what has spaces or is short is hidden in its own place only.
      const text = String(value);
      if (isNamed && /^\S{8,}$/.test(text)) this.#add(text, "secret_name");
      return;
    }
    for (const [key, each] of Object.entries(value)) {
      const hasName = !Array.isArray(value) && isSecretName(key);
      if (hasName && (typeof each === "string" || typeof each === "number"))
        this.#add(String(each), "secret_name");
      this.#learnData(each, isNamed || hasName);
    }
  }

  #learnDefinition(value: Json): void {
    if (typeof value === "string") this.#learnText(withoutPlaceholders(value));
    if (typeof value !== "object" || value === null) return;
    for (const [key, each] of Object.entries(value)) {
      if (!Array.isArray(value) && isSecretName(key)) this.#learnLiteral(each);
      this.#learnDefinition(each);
    }
  }

  /** A literal that an author wrote under a secret's name, or as the default of a field of that name. */
  #learnLiteral(value: Json): void {
    if (typeof value === "string" && isLiteral(value)) this.#add(value, "secret_name");
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const key of ["default", "const", "example", "value"]) {
      const given = value[key];
      if (typeof given === "string" && isLiteral(given)) this.#add(given, "secret_name");
    }
  }

  #redact(value: Json, place: Place): Json {
    if (typeof value === "string") return this.#redactText(value, place);
    if (typeof value === "number") return this.#redactNumber(value, place);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      const items = value.map((each) => this.#redact(each, { ...place, path: `${place.path}/*` }));
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    return this.#redactMap(value, place);
  }

  #redactMap(value: JsonObject, place: Place): JsonObject {
    const taken = new Set<string>();
    const entries = Object.entries(value).map(([key, each]): [string, Json] => {
      const name = this.#replace(key, { ...place, path: `${place.path}/{name}` });
      return [
        name === key ? key : freeName(name, value, taken),
        this.#redact(each, {
          ...place,
          path: `${place.path}/${name}`,
          isNamed: place.isNamed || (place.kind === "data" && isSecretName(key)),
          isData: place.isData || DATA_KEYS.has(key) || isSecretName(key),
        }),
      ];
    });
    const isSame = entries.every(([key, each]) => Object.hasOwn(value, key) && each === value[key]);
    return isSame ? value : Object.fromEntries(entries);
  }

  #redactText(text: string, place: Place): string {
    const isWhole = place.isNamed || (place.isData && this.#secrets.has(text));
    if (!isWhole || !maybeSecret(text)) return this.#replace(text, place);
    return this.#mark(text, place);
  }

  #redactNumber(value: number, place: Place): Json {
    const text = String(value);
    const isSecret = place.isNamed || (text.length >= MIN_PART_LENGTH && this.#secrets.has(text));
    return isSecret ? this.#mark(text, place) : value;
  }

  #mark(text: string, place: Place): string {
    const known = this.#secrets.get(text);
    this.#note(place, known?.reason ?? "secret_name");
    return known?.mark ?? MASK;
  }

  #replace(text: string, place: Place): string {
    this.#pattern ??= this.#compile();
    const hide = (form: string) => {
      const known = this.#secrets.get(this.#forms.get(form) ?? form);
      this.#note(place, known?.reason ?? "known_secret");
      return known?.mark ?? MASK;
    };
    const shorter = this.#longForms.reduce((rest, form) => rest.replaceAll(form, hide), text);
    return shorter.replace(this.#pattern, hide);
  }

  /** Longer forms first, so that a secret inside another does not leave the rest of it. */
  #compile(): RegExp {
    this.#forms = new Map();
    for (const secret of this.#secrets.keys()) {
      if (secret.length < MIN_PART_LENGTH) continue;
      for (const form of writtenForms(secret)) {
        if (!this.#forms.has(form)) this.#forms.set(form, secret);
      }
    }
    const forms = [...this.#forms.keys()].sort((a, b) => b.length - a.length);
    this.#longForms = forms.filter((form) => form.length > MAX_PATTERN_PART);
    const short = forms.slice(this.#longForms.length).map(escapePattern);
    return new RegExp(short.length === 0 ? "(?!)" : short.join("|"), "g");
  }

  #note({ part, path }: Place, reason: RedactionReason): void {
    const key = `${part} ${path} ${reason}`;
    const entry = this.#entries.get(key) ?? { part, path, reason, count: 0 };
    entry.count += 1;
    this.#entries.set(key, entry);
  }
}

/** Names that look alike without their secrets are numbered, so that no entry hides another. */
function freeName(name: string, value: JsonObject, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free) || Object.hasOwn(value, free); number += 1)
    free = `${name} ${number}`;
  taken.add(free);
  return free;
}

type Place = {
  part: string;
  path: string;
  /** Below a secret's name. */
  isNamed: boolean;
  /** Below a key that holds what people and services wrote. */
  isData: boolean;
  kind: RedactedKind;
};

/** Longer forms would make the pattern too large. */
const MAX_PATTERN_PART = 4096;

function escapePattern(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");
}

const PLACEHOLDER = /\$\{[A-Z][A-Z0-9_]*\}/g;

function withoutPlaceholders(text: string): string {
  return text.replaceAll(PLACEHOLDER, "");
}

/** The roots of what binding mappings read. */
const MAPPING_PATH = /^\$?(input|output|response|result|body|headers|item|index|signal)([.[]|$)/;

/** False for references, paths of mappings and placeholders: they name a secret and hold none. */
function isLiteral(text: string): boolean {
  if (MAPPING_PATH.test(text) || parseReference(text, []) !== null) return false;
  return withoutPlaceholders(text) === text;
}
