import type { JsonObject } from "../../../../core/json.ts";
import { allText } from "../decision/read-options.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { contentWords } from "../text/content-words.ts";
import { splitSentences } from "../text/sentences.ts";
import { isEmpty } from "./score-output.ts";
import { asText } from "../as-text.ts";

const MIN_SUPPORT = 0.4;

/**
 * Checks an output by `validation_policy`: `check_coverage` (no empty fields), `check_coherence` (no sentence twice), `check_grounding`
 * (each sentence shares 40 % of its words with `evidence_context`, where that holds anything), `min_uncertainty_items`, `required_fields`.
 * `confidence_adjustment` is -0.1 per issue, down to -0.5. Whether the output is true is not judged.
 */
export const validateResponse: Builtin = (input) => {
  const given = new InputReader(input);
  const output = given.object("output");
  const policy = new InputReader(given.object("validation_policy", {}));
  const evidence = new Set(contentWords(allText(given.list("evidence_context", []))));
  const issues: JsonObject[] = [];
  const add = (kind: string, message: string, severity = "warning") =>
    issues.push({ kind, message, severity });
  for (const field of policy.texts("required_fields", [])) {
    if (isEmpty(output[field] ?? null))
      add("missing_field", `"${field}" is missing or empty.`, "error");
  }
  if (policy.flag("check_coverage", false)) {
    for (const [field, value] of Object.entries(output))
      if (isEmpty(value)) add("empty_field", `"${field}" is empty.`);
  }
  const sentences = splitSentences(allText(output)).slice(0, 2_000);
  if (policy.flag("check_coherence", false)) {
    const repeated = sentences.filter(
      (sentence, index) => sentence.length > 30 && sentences.indexOf(sentence) !== index,
    );
    for (const sentence of new Set(repeated))
      add("repeated", `Said twice: "${sentence.slice(0, 120)}".`);
  }
  if (policy.flag("check_grounding", false) && evidence.size > 0) {
    for (const sentence of sentences
      .filter((line) => supportOf(line, evidence) < MIN_SUPPORT)
      .slice(0, 20)) {
      add("unsupported", `Not backed by the evidence: "${sentence.slice(0, 120)}".`);
    }
  }
  const uncertainties = output["uncertainties"];
  const least = policy.number("min_uncertainty_items", 0);
  if (least > 0 && (!Array.isArray(uncertainties) || uncertainties.length < least))
    add("overconfident", `Fewer than ${least} uncertainties are named.`);
  const isValid = !issues.some((issue) => issue["severity"] === "error") && issues.length < 5;
  return {
    valid: isValid,
    issues,
    confidence_adjustment: -Math.min(0.5, Math.round(issues.length * 10) / 100),
    status: "ok",
    rationale:
      issues.length === 0
        ? "No issue found by the checks that the policy names."
        : `${issues.length} issues: ${[...new Set(issues.map((issue) => asText(issue["kind"])))].join(", ")}.`,
  };
};

function supportOf(sentence: string, evidence: ReadonlySet<string>): number {
  const words = contentWords(sentence);
  return words.length < 4 ? 1 : words.filter((word) => evidence.has(word)).length / words.length;
}
