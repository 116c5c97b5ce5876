import { isJsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin, BuiltinModule } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { generatePlan } from "../reasoning/generate-plan.ts";
import { contentWords } from "../text/content-words.ts";

/**
 * Writes the frame of a skill for an intent: one step per action that the table of verbs knows, in order, inputs left to be mapped. It is a
 * draft to edit: `validation_errors` says what is missing, and the result is always `partial`.
 */
const generateSkill: Builtin = async (input, context) => {
  const intent = new InputReader(input).text("intent_description");
  const { plan } = await generatePlan({ objective: intent, max_steps: 20 }, context);
  const steps =
    isJsonObject(plan) && Array.isArray(plan["steps"]) ? plan["steps"].filter(isJsonObject) : [];
  const used = steps
    .map((step) => asText(step["capability"]))
    .filter((capability) => capability !== "");
  const id = `draft.${
    contentWords(intent)
      .slice(0, 3)
      .join("-")
      .replaceAll(/[^a-z0-9-]/g, "") || "skill"
  }`;
  const lines = [
    `id: ${id}`,
    "version: 0.1.0",
    `name: ${JSON.stringify(intent.slice(0, 80))}`,
    `description: ${JSON.stringify(intent)}`,
    "inputs: {}",
    "outputs: {}",
    "steps:",
    ...used.flatMap((capability, index) => [
      `  - id: step_${index + 1}`,
      `    uses: ${capability}`,
      "    input: {}",
      "    output: {}",
    ]),
  ];
  return {
    skill_yaml: `${lines.join("\n")}\n`,
    suggested_id: id,
    capabilities_used: used,
    validation_errors: [
      "Map the inputs and outputs of each step.",
      ...(used.length === 0 ? ["The intent names no action that the table knows."] : []),
    ],
    status: "partial",
    rationale: "A frame from a table of verbs, to be edited.",
  };
};

/** `official_services.scaffold_service` of the ORCA registry. */
export const SCAFFOLD_SERVICE: BuiltinModule = { generate_skill_from_prompt: generateSkill };
