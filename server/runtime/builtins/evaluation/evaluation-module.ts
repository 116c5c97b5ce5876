import type { BuiltinModule } from "../builtin.ts";
import { analyzeOptions } from "./analyze-options.ts";
import { sanitizeOutput } from "./sanitize-output.ts";
import { scoreOptions } from "./score-options.ts";
import { scoreOutput } from "./score-output.ts";
import { scoreResponse } from "./score-response.ts";
import { scoreResponseRisk } from "./score-response-risk.ts";
import { validateResponse } from "./validate-response.ts";

/** Module `orca.evaluation`: scores and checks of form, by rules that can be read. */
export const EVALUATION_MODULE: BuiltinModule = {
  analyze_options: analyzeOptions,
  sanitize_output: sanitizeOutput,
  score_options: scoreOptions,
  score_output: scoreOutput,
  score_response: scoreResponse,
  score_response_risk: scoreResponseRisk,
  validate_response: validateResponse,
};
