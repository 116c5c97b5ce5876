import { isJsonObject, type Json } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import { allText } from "../decision/read-options.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { contentWords } from "../text/content-words.ts";

/** Says which `rules` (violations, policies; texts or objects) carry a `decision`: those that share words with it or with `context`, all of them where none does. */
export const justifyDecision: Builtin = (input) => {
  const given = new InputReader(input);
  const decision = given.text("decision");
  const rules = given.list("rules", []);
  const about = new Set(
    contentWords(`${decision} ${allText(given.object("context", {}))}`.slice(0, 100_000)),
  );
  const related = rules.filter((rule) =>
    contentWords(allText(rule)).some((word) => about.has(word)),
  );
  const applicable = related.length > 0 ? related : rules;
  const confidence =
    rules.length === 0
      ? 0.5
      : Math.round((0.5 + (related.length / rules.length) * 0.4) * 100) / 100;
  return {
    justification:
      rules.length === 0
        ? `The decision is "${decision}". No rule speaks against or for it.`
        : `The decision is "${decision}" because of: ${applicable.map(sayRule).join(" ")}`,
    applicable_rules: applicable,
    confidence,
    status: "ok",
    rationale: `${related.length} of ${rules.length} rules share words with the decision or its context.`,
  };
};

function sayRule(rule: Json): string {
  if (!isJsonObject(rule)) return `${asText(rule)}.`;
  return asText(rule["message"] ?? rule["description"] ?? rule["name"] ?? rule["id"] ?? rule);
}
