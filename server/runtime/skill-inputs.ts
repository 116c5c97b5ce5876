import type { JsonObject } from "../../core/json.ts";
import type { Skill } from "../../core/skill.ts";
import { compileContract, type CompiledContract } from "./contract-validation.ts";

const contracts = new WeakMap<Skill, CompiledContract>();

/**
 * The inputs with the declared defaults filled in. Throws `invalid_request` naming each input that is missing or
 * of the wrong type. An input that the skill does not declare is kept: templates may pass it on.
 */
export function completeInputs(skill: Skill, inputs: JsonObject): JsonObject {
  const completed = { ...inputs };
  for (const [name, field] of Object.entries(skill.inputs)) {
    if (field.default !== undefined && !Object.hasOwn(inputs, name))
      completed[name] = field.default;
  }
  contractOf(skill).validateInput(completed);
  return completed;
}

/** A skill's inputs are checked as a capability's are. */
function contractOf(skill: Skill): CompiledContract {
  const known = contracts.get(skill);
  if (known !== undefined) return known;
  const contract = compileContract({ id: skill.id, inputs: skill.inputs, outputs: {} });
  contracts.set(skill, contract);
  return contract;
}
