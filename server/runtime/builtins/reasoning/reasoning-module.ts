import type { BuiltinModule } from "../builtin.ts";
import { classifyMessagePriority, classifyTaskPriority } from "./classify-priority.ts";
import { clusterThemes } from "./cluster-themes.ts";
import { extractRisks } from "./extract-risks.ts";
import { generateOutput } from "./generate-output.ts";
import { generatePlan } from "./generate-plan.ts";
import { splitProblem } from "./split-problem.ts";

/** Module `orca.reasoning`: sorting and framing of texts by rules; nothing in it thinks. */
export const REASONING_MODULE: BuiltinModule = {
  classify_message_priority: classifyMessagePriority,
  classify_task_priority: classifyTaskPriority,
  cluster_themes: clusterThemes,
  extract_risks: extractRisks,
  generate_output: generateOutput,
  generate_plan: generatePlan,
  split_problem: splitProblem,
};
