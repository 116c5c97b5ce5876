import type { Capability } from "./capability.ts";
import { DomainError } from "./errors.ts";
import { parseExpression, type Expression } from "./expressions.ts";
import type { Json, JsonObject } from "./json.ts";
import { readReference, type Reference } from "./references.ts";
import { makeScope } from "./scope.ts";
import { compileStepTemplate, type StepTemplate } from "./step-template.ts";

export const GATE_FAILURES = ["block", "warn", "degrade", "require_human"] as const;
export type GateFailure = (typeof GATE_FAILURES)[number];

/** `pre_gate` before the call, `post_gate` after it and before its output is taken over. */
export type GatePhase = "pre_gate" | "post_gate";

/** A gate as a capability's file writes it. */
export type GateDocument = NonNullable<
  NonNullable<Capability["safety"]>["mandatory_pre_gates"]
>[number];

/** A gate that can be asked. Neither `inputOf` nor `verdictOf` ends otherwise than well or with a DomainError. */
export type Gate = {
  phase: GatePhase;
  capabilityId: string;
  onFail: GateFailure;
  /** What the gate's capability is called with. Throws where the mapping names what is not there. */
  inputOf(values: GateValues): JsonObject;
  /** Whether the gate lets the call pass. Throws `gate_execution_failure` where its answer is no clear yes or no. */
  verdictOf(values: GateValues & { result: JsonObject }): boolean;
};

/** What a gate sees: the step's input and, after the call, its output. */
export type GateValues = { input: JsonObject; output?: JsonObject };

const DEFAULT_ALLOW_WHEN = "result.allowed";

/**
 * Compiles a gate. Without `input` its capability gets the step's input (after the call: the output) as it is; without
 * `allow_when` its result must hold `allowed: true`. Throws `invalid_request` or `invalid_configuration` for a mapping
 * or expression that cannot be read or that names something else than `input`, `output` and `result`.
 */
export function compileGate(document: GateDocument, phase: GatePhase): Gate {
  const gate = typeof document === "string" ? { capability: document } : document;
  const source =
    "allow_when" in gate ? (gate.allow_when ?? DEFAULT_ALLOW_WHEN) : DEFAULT_ALLOW_WHEN;
  const locals = phase === "pre_gate" ? ["input"] : ["input", "output"];
  const allowWhen = parseExpression(source, [...locals, "result"]);
  assertLocal(allowWhen.references, "allow_when", [...locals, "result"]);
  const mapping = "input" in gate && gate.input !== undefined ? gate.input : null;
  const template = mapping === null ? null : compileMapping(mapping, locals);
  return {
    phase,
    capabilityId: gate.capability,
    onFail: "on_fail" in gate ? gate.on_fail : "block",
    inputOf: (values) =>
      template === null
        ? (values.output ?? values.input)
        : template.resolve(makeScope({ locals: toLocals(values) })),
    verdictOf: ({ result, ...values }) =>
      verdictOf(allowWhen, gate.capability, { ...toLocals(values), result }),
  };
}

/** All gates of a capability for one phase. */
export function gateDocumentsOf(
  { safety }: Pick<Capability, "safety">,
  phase: GatePhase,
): readonly GateDocument[] {
  const gates = phase === "pre_gate" ? safety?.mandatory_pre_gates : safety?.mandatory_post_gates;
  return gates ?? [];
}

function compileMapping(mapping: JsonObject, locals: readonly string[]): StepTemplate {
  const template = compileStepTemplate(mapping, { locals, optionalInputs: new Set() });
  assertLocal(template.references, "input", locals);
  return template;
}

/** The run's values are not a gate's to read: it judges one call. */
function assertLocal(
  references: readonly Reference[],
  place: string,
  names: string[] | readonly string[],
): void {
  const foreign = references.find(({ namespace }) => namespace !== "locals");
  if (foreign === undefined) return;
  throw new DomainError(
    "invalid_configuration",
    `The gate's ${place} names ${foreign.source}, which gates cannot see.`,
    { hint: `It can name ${names.join(", ")} and what is inside.` },
  );
}

function toLocals({ input, output }: GateValues): JsonObject {
  return output === undefined ? { input } : { input, output };
}

function verdictOf(allowWhen: Expression, capabilityId: string, locals: JsonObject): boolean {
  const scope = makeScope({ locals });
  const missing = allowWhen.references.find(
    (reference) => readReference(reference, scope) === undefined,
  );
  if (missing !== undefined) throw unclear(capabilityId, `${missing.source} does not exist`);
  const verdict: Json = allowWhen.evaluate(scope);
  if (typeof verdict === "boolean") return verdict;
  throw unclear(capabilityId, `${allowWhen.source} is neither true nor false`);
}

function unclear(capabilityId: string, why: string): DomainError {
  return new DomainError(
    "gate_execution_failure",
    `Gate ${capabilityId} gave no clear answer: ${why}.`,
    { hint: "Correct the gate's allow_when, so that it says true or false of every result." },
  );
}
