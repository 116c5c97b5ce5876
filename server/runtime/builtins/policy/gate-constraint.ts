import { isJsonObject, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { findViolations } from "./find-violations.ts";

/** Keys of a gate document that are not rules. */
const ABOUT = new Set(["name", "description", "action", "rules", "id", "version", "mode"]);

/** The rules of a gate or constraint: its `rules` map, or the document itself without what only describes it. */
export function rulesOf(gate: JsonObject): JsonObject {
  if (isJsonObject(gate["rules"])) return gate["rules"];
  return Object.fromEntries(Object.entries(gate).filter(([key]) => !ABOUT.has(key)));
}

/**
 * `pass` where `payload` breaks no rule of `gate` (see `findViolations`), else the gate's `action`: `block` (default) or `warn`.
 * `allowed` is false exactly for `block`. A gate without any rule blocks: it would otherwise let everything through unseen.
 */
export const gateConstraint: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const gate = given.object("gate");
  const rules = rulesOf(gate);
  const violations = await findViolations(given.object("payload"), rules, context);
  if (Object.keys(rules).length === 0)
    violations.push({ rule: "no_rules", field: "gate", message: "The gate holds no rule." });
  const decision =
    violations.length === 0 ? "pass" : asText(gate["action"]) === "warn" ? "warn" : "block";
  return {
    decision,
    allowed: decision !== "block",
    violations,
    status: "ok",
    rationale:
      violations.length === 0
        ? `All ${Object.keys(rules).length} rules hold.`
        : violations.map((violation) => violation.message).join(" "),
  };
};

/** Whether `payload` meets `constraint` (rules as in `findViolations`), with every violation. */
export const validateConstraint: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const violations = await findViolations(
    given.object("payload"),
    rulesOf(given.object("constraint")),
    context,
  );
  return {
    valid: violations.length === 0,
    violations,
    status: "ok",
    rationale: `${violations.length} violations.`,
  };
};
