import type { BuiltinModule } from "../builtin.ts";
import { justifyOption } from "../decision/justify-option.ts";
import { analyzeOptions } from "../evaluation/analyze-options.ts";
import { sanitizeOutput } from "../evaluation/sanitize-output.ts";
import { scoreOptions } from "../evaluation/score-options.ts";
import { scoreOutput } from "../evaluation/score-output.ts";
import { scoreResponse } from "../evaluation/score-response.ts";
import { scoreResponseRisk } from "../evaluation/score-response-risk.ts";
import { validateResponse } from "../evaluation/validate-response.ts";
import { generateCitation } from "../evidence/generate-citation.ts";
import { verifyClaim } from "../evidence/verify-claim.ts";
import { acknowledgeEvent } from "../ops/acknowledge-event.ts";
import { analyzeTrace } from "../ops/analyze-trace.ts";
import { estimateBudget } from "../ops/estimate-budget.ts";
import { monitorEvents, monitorTrace } from "../ops/monitor-trace.ts";
import { gateConstraint, validateConstraint } from "../policy/gate-constraint.ts";
import { justifyDecision } from "../policy/justify-decision.ts";
import { classifyRisk, scoreRisk } from "../policy/score-risk.ts";
import { clusterThemes } from "../reasoning/cluster-themes.ts";
import { extractRisks } from "../reasoning/extract-risks.ts";
import { generateOutput } from "../reasoning/generate-output.ts";
import { splitProblem } from "../reasoning/split-problem.ts";
import { detectPii, redactPii } from "../security/detect-pii.ts";
import { detectSecret } from "../security/detect-secret.ts";
import { gateOutput } from "../security/gate-output.ts";
import { classifyText } from "../text/classify-text.ts";
import { embedText } from "../text/embed-text.ts";
import { renderPrompt } from "../text/render-template.ts";
import { allText } from "../decision/read-options.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

/** Classifies the words of a structured output into one of `categories`. */
const classifyOutput: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const result = await classifyText(
    { text: allText(given.object("output")), labels: given.list("categories") },
    context,
  );
  return { ...result, category: result["label"] ?? "" };
};

/** `official_services.analysis_baseline` of the ORCA registry. */
export const ANALYSIS_BASELINE: BuiltinModule = {
  cluster_themes: clusterThemes,
  extract_risks: extractRisks,
  split_problem: splitProblem,
};

/** `official_services.decision_baseline` of the ORCA registry. */
export const DECISION_BASELINE: BuiltinModule = { justify_option: justifyOption };

/** `official_services.eval_baseline` of the ORCA registry. */
export const EVAL_BASELINE: BuiltinModule = {
  analyze_options: analyzeOptions,
  score_options: scoreOptions,
  score_output: scoreOutput,
};

/** `official_services.model_baseline` of the ORCA registry. */
export const MODEL_BASELINE: BuiltinModule = {
  classify_output: classifyOutput,
  generate_embedding: embedText,
  generate_output: generateOutput,
  sanitize_output: sanitizeOutput,
  score_output: scoreResponse,
  score_risk: scoreResponseRisk,
  template_prompt: renderPrompt,
  validate_response: validateResponse,
};

/** `official_services.ops_baseline` of the ORCA registry. */
export const OPS_BASELINE: BuiltinModule = {
  acknowledge_event: acknowledgeEvent,
  analyze_trace: analyzeTrace,
  estimate_budget: estimateBudget,
  monitor_events: monitorEvents,
  monitor_trace: monitorTrace,
};

/** `official_services.policy_baseline` of the ORCA registry. */
export const POLICY_BASELINE: BuiltinModule = {
  classify_risk: classifyRisk,
  gate_constraint: gateConstraint,
  justify_decision: justifyDecision,
  score_risk: scoreRisk,
  validate_constraint: validateConstraint,
};

/** `official_services.provenance_baseline` of the ORCA registry. */
export const PROVENANCE_BASELINE: BuiltinModule = {
  generate_citation: generateCitation,
  verify_claim: verifyClaim,
};

/** `official_services.security_baseline` of the ORCA registry. */
export const SECURITY_BASELINE: BuiltinModule = {
  detect_pii: detectPii,
  detect_secret: detectSecret,
  gate_output: gateOutput,
  redact_pii: redactPii,
};
