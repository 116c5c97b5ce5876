import type { ApprovalDecision } from "./approval.ts";
import { DomainError } from "./errors.ts";
import type { JsonChange } from "./json-changes.ts";
import { isJsonObject, jsonEquals, type Json, type JsonObject } from "./json.ts";
import { placeInside } from "./json-path.ts";
import { getOwn } from "./own-property.ts";
import { MASK, Redactor } from "./redaction.ts";
import { isSecretName } from "./secret-names.ts";

/**
 * Shows people values without their secrets, each of which becomes the same mask. Found are those that `known` names,
 * that stand under a secret's name in what is learned, and credentials by their form, wherever else they stand too.
 */
export class SecretMask {
  readonly #redactor: Redactor;

  constructor(known: Iterable<string>, learned: readonly JsonObject[] = []) {
    this.#redactor = new Redactor(known, MASK);
    for (const value of learned) this.#redactor.learn(value, "data");
  }

  /** How many values have been masked so far. */
  get count(): number {
    return this.#redactor.report.reduce((sum, { count }) => sum + count, 0);
  }

  text(text: string): string {
    this.#redactor.learn(text, "data");
    const masked = this.#redactor.redact(text, "data", "approval", "");
    return typeof masked === "string" ? masked : MASK;
  }

  payload(payload: JsonObject): JsonObject {
    this.#redactor.learn(payload, "data");
    // What is as short as a PIN is masked as a whole value only, and only in data.
    const masked = this.#redactor.redact({ payload }, "data", "approval", "");
    const inside = isJsonObject(masked) ? masked["payload"] : undefined;
    return isJsonObject(inside) ? inside : {};
  }

  /** A schema or another document in which a secret's name has a type or a reference below it. */
  definition(document: JsonObject): JsonObject {
    this.#redactor.learn(document, "definition");
    const masked = this.#redactor.redact(document, "definition", "approval", "");
    return isJsonObject(masked) ? masked : {};
  }

  decision({ comment, changes, ...decision }: ApprovalDecision): ApprovalDecision {
    return {
      ...decision,
      ...(comment === undefined ? {} : { comment: this.text(comment) }),
      ...(changes === undefined ? {} : { changes: this.changes(changes) }),
    };
  }

  changes(changes: readonly JsonChange[]): JsonChange[] {
    return changes.map(({ path, kind, ...values }) => {
      const isNamed = path.split(/[.[\]"]+/).some(isSecretName);
      const hidden = (value: Json): Json => {
        const key = isNamed ? "secret" : "value";
        return getOwn(this.payload({ [key]: value }), key) ?? null;
      };
      return {
        path: this.text(path),
        kind,
        ...(values.before === undefined ? {} : { before: hidden(values.before) }),
        ...(values.after === undefined ? {} : { after: hidden(values.after) }),
      };
    });
  }
}

/**
 * An edited payload with the secrets that it shows as masks: where `edited` has what was `shown`, the `exact` value
 * stays. Throws `invalid_request` naming the place of a mask that stands anywhere else: it would be sent as it is, or
 * carry a secret to where nobody has seen it go.
 */
export function withSecrets(edited: JsonObject, shown: JsonObject, exact: JsonObject): JsonObject {
  const merged = unmasked(edited, shown, exact, "");
  return isJsonObject(merged) ? merged : edited;
}

function unmasked(
  edited: Json,
  shown: Json | undefined,
  exact: Json | undefined,
  path: string,
): Json {
  if (exact !== undefined && shown !== undefined && jsonEquals(edited, shown)) return exact;
  if (exact !== undefined && jsonEquals(edited, exact)) return exact;
  if (typeof edited === "string" && edited.includes(MASK)) throw misplaced(path);
  if (Array.isArray(edited)) {
    return unmaskedList(edited, Array.isArray(shown) ? shown : [], exact, path);
  }
  if (!isJsonObject(edited)) return edited;
  const [was, is] = [isJsonObject(shown) ? shown : {}, isJsonObject(exact) ? exact : {}];
  const names = maskedNames(was, is);
  return Object.fromEntries(
    Object.entries(edited).map(([key, value]) => {
      const place = placeInside(path, key);
      const name = names.get(key) ?? key;
      const isHidden = name !== key;
      if (isHidden ? Object.hasOwn(edited, name) : key.includes(MASK)) throw misplaced(place);
      return [name, unmasked(value, getOwn(was, key), getOwn(is, name), place)];
    }),
  );
}

/** The exact names behind those that are shown with masks, which stand in the same order. */
function maskedNames(shown: JsonObject, exact: JsonObject): Map<string, string> {
  const hidden = Object.keys(exact).filter((name) => !Object.hasOwn(shown, name));
  const masks = Object.keys(shown).filter((name) => !Object.hasOwn(exact, name));
  if (hidden.length !== masks.length) return new Map();
  return new Map(masks.map((mask, index) => [mask, hidden[index] ?? mask]));
}

/**
 * Maps take their own secrets along where they went, once each; one that was edited as well is found by its position.
 * What any other item means its neighbours may say, as in a command line: it stays where and beside what it was.
 */
function unmaskedList(
  edited: readonly Json[],
  shown: readonly Json[],
  exact: Json | undefined,
  path: string,
): Json[] {
  const items = Array.isArray(exact) ? exact : [];
  const isInPlace = edited.length === shown.length;
  const isUnchanged = (index: number) =>
    isInPlace && jsonEquals(edited[index] ?? null, shown[index] ?? null);
  return edited.map((item, index) => {
    const place = placeInside(path, index);
    if (!JSON.stringify(item).includes(MASK)) return item;
    if (!isJsonObject(item)) {
      if (!isInPlace || !isUnchanged(index - 1) || !isUnchanged(index + 1)) throw misplaced(place);
      return unmasked(item, shown[index], items[index], place);
    }
    const [first, ...others] = items.filter((_, at) => jsonEquals(item, shown[at] ?? null));
    if (first === undefined) {
      const isGone = edited.some((other) => jsonEquals(other, shown[index] ?? null));
      if (!isInPlace || isGone) throw misplaced(place);
      return unmasked(item, shown[index], items[index], place);
    }
    const copies = edited.filter((other) => jsonEquals(other, item)).length;
    if (copies > others.length + 1) throw misplaced(place);
    if (isUnchanged(index)) return items[index] ?? null;
    // Whose secret would it be?
    if (others.some((other) => !jsonEquals(other, first))) throw misplaced(place);
    return first;
  });
}

function misplaced(path: string): DomainError {
  return new DomainError(
    "invalid_request",
    `${path} holds the mask of a secret that was not there.`,
    {
      hint: `Leave ${MASK} where it stood to keep the value, or enter the value itself.`,
      details: { problems: [{ path, problem: "holds a mask" }] },
    },
  );
}
