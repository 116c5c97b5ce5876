import { DomainError } from "../../../../core/errors.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { recordIdOf } from "../record-id.ts";

/**
 * Says what to do about the `error` of an earlier step: `default` gives `default_value`, `skip` gives nothing, `escalate` records an
 * escalation and names it, `retry` cannot be done from here (the step's own `config.retry` does it) and so is not recovered.
 */
export const catchError: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const strategy = given.text("fallback_strategy").toLowerCase();
  const error = given.object("error");
  if (strategy.startsWith("default") || strategy === "substitute") {
    return {
      result: given.object("default_value", {}),
      strategy_applied: "default",
      recovered: true,
      escalation_id: "",
      status: "ok",
      rationale: "The default value stands in.",
    };
  }
  if (strategy === "skip")
    return {
      result: {},
      strategy_applied: "skip",
      recovered: true,
      escalation_id: "",
      status: "ok",
      rationale: "The step was left out.",
    };
  if (strategy === "retry") {
    return {
      result: { error },
      strategy_applied: "retry",
      recovered: false,
      escalation_id: "",
      status: "partial",
      rationale: "A step is retried by its own config.retry, not afterwards.",
    };
  }
  if (strategy !== "escalate")
    throw new DomainError("invalid_request", `There is no strategy "${strategy}".`, {
      hint: "Use default, skip, retry or escalate.",
    });
  const id = recordIdOf(context, "esc");
  await context.records.put("escalations", id, {
    error,
    context: asText(given.json("context")),
    run_id: context.runId,
    at: context.now().toISOString(),
  });
  return {
    result: { error },
    strategy_applied: "escalate",
    recovered: false,
    escalation_id: id,
    status: "ok",
    rationale: "Recorded for a person.",
  };
};
