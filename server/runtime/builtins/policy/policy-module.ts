import type { BuiltinModule } from "../builtin.ts";
import { gateConstraint, validateConstraint } from "./gate-constraint.ts";
import { justifyDecision } from "./justify-decision.ts";
import { classifyRisk, scoreRisk } from "./score-risk.ts";

/** Module `orca.policy`: rules over payloads, and the risk of actions. */
export const POLICY_MODULE: BuiltinModule = {
  classify_risk: classifyRisk,
  gate: gateConstraint,
  justify: justifyDecision,
  score_risk: scoreRisk,
  validate: validateConstraint,
};
