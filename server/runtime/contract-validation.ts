import { createHash } from "node:crypto";
import type { Capability } from "../../core/capability.ts";
import { DomainError, type ErrorCode } from "../../core/errors.ts";
import type { Field } from "../../core/field.ts";
import { type Json, type JsonObject, toCanonicalJson } from "../../core/json.ts";
import { RUNTIME_MANAGED_OUTPUTS } from "../../core/runtime-managed-outputs.ts";
import { compileJsonSchema } from "./json-schema-check.ts";
import { isSoundJson, mendJson } from "./sound-json.ts";

export type OutputContext = { traceId: string; bindingId: string };

/** Checks of one capability's inputs and outputs, compiled once. */
export type CompiledContract = {
  /** Throws `invalid_request` with `details.problems: {path, problem}[]`. A required input that is null is a problem. */
  validateInput(input: JsonObject): void;
  /**
   * Fills the outputs that the runtime manages (`status`, `rationale`, `trace_ref`) where the contract declares
   * them and the binding left them out, then checks. What it returns is JSON that storing does not change
   * (`sound-json.ts`). Throws `upstream_failure` with the problems. Never changes its argument; returns it as it is
   * where nothing was missing.
   */
  completeOutput(output: JsonObject, context: OutputContext): JsonObject;
};

export type Problem = { path: string; problem: string };

type FieldCheck = {
  name: string;
  required: boolean;
  problemsOf: (value: Json) => Problem[] | null;
};

/** What is checked: a capability, or a skill, which has inputs and outputs of the same kind. */
type Contract = Pick<Capability, "id" | "inputs" | "outputs">;

const compiledByObject = new WeakMap<Contract, CompiledContract>();
const compiledByHash = new Map<string, CompiledContract>();
/** Contracts kept by content; beyond it the oldest goes. Large enough for every capability of a large registry. */
const MAX_CACHED_CONTRACTS = 5_000;

/** The compiled contract of a capability; the same content compiles once. Throws `invalid_configuration` for a broken schema. */
export function compileContract(capability: Contract): CompiledContract {
  const known = compiledByObject.get(capability);
  if (known !== undefined) return known;
  const hash = contentHashOf(capability);
  const contract = compiledByHash.get(hash) ?? buildContract(capability);
  if (compiledByHash.size >= MAX_CACHED_CONTRACTS) {
    for (const oldest of compiledByHash.keys()) {
      compiledByHash.delete(oldest);
      break;
    }
  }
  compiledByHash.set(hash, contract);
  compiledByObject.set(capability, contract);
  return contract;
}

function contentHashOf({ id, inputs, outputs }: Contract): string {
  const text = toCanonicalJson(JSON.parse(JSON.stringify({ id, inputs, outputs })));
  return createHash("sha256").update(text).digest("base64url");
}

function buildContract(capability: Contract): CompiledContract {
  const inputs = compileFields(capability, "inputs");
  const outputs = compileFields(capability, "outputs");
  const managed = RUNTIME_MANAGED_OUTPUTS.filter((name) => Object.hasOwn(capability.outputs, name));
  return {
    validateInput(input) {
      const problems = problemsIn(inputs, input);
      if (problems !== null) {
        throw refuse(
          "invalid_request",
          `Input of ${capability.id}`,
          problems,
          `Give each input that is named here the type that ${capability.id} declares.`,
        );
      }
    },
    completeOutput(output, context) {
      const sound = isSoundJson(output) ? output : mendOutput(capability.id, output, context);
      let completed = sound;
      for (const name of managed) {
        const { isMissing, fill } = MANAGED_OUTPUTS[name];
        if (!isMissing(own(completed, name))) continue;
        if (completed === sound) completed = { ...sound };
        completed[name] = fill(capability.id, context);
      }
      const problems = problemsIn(outputs, completed);
      if (problems !== null) throw refuseOutput(capability.id, context, problems);
      return completed;
    },
  };
}

function mendOutput(id: string, output: JsonObject, context: OutputContext): JsonObject {
  const { mended, problems } = mendJson(output);
  if (problems.length > 0) throw refuseOutput(id, context, problems);
  return mended;
}

function refuseOutput(id: string, { bindingId }: OutputContext, problems: Problem[]): DomainError {
  return refuse(
    "upstream_failure",
    `Output of ${id} by binding ${bindingId}`,
    problems,
    "Correct the binding's response mapping, or what its service answers.",
  );
}

type ManagedOutput = {
  isMissing: (value: Json | undefined) => boolean;
  fill: (capabilityId: string, context: OutputContext) => string;
};

const isNothing = (value: Json | undefined) => value === undefined || value === null;
const isEmpty = (value: Json | undefined) => isNothing(value) || value === "";

const MANAGED_OUTPUTS: Record<(typeof RUNTIME_MANAGED_OUTPUTS)[number], ManagedOutput> = {
  status: { isMissing: isNothing, fill: () => "ok" },
  rationale: {
    isMissing: isEmpty,
    fill: (capabilityId, { bindingId }) =>
      `${capabilityId} answered through ${bindingId} without a rationale of its own.`,
  },
  trace_ref: {
    isMissing: isEmpty,
    fill: (_, { traceId, bindingId }) => traceId || `binding:${bindingId}`,
  },
};

function compileFields(capability: Contract, side: "inputs" | "outputs"): FieldCheck[] {
  return Object.entries(capability[side]).map(([name, field]) => ({
    name,
    required: field.required,
    problemsOf: compileField(field, name, `${side}.${name}.schema of ${capability.id}`),
  }));
}

function compileField(field: Field, name: string, place: string): FieldCheck["problemsOf"] {
  if (field.schema !== undefined) return compileJsonSchema(field.schema, name, place);
  if (field.type === undefined) return () => null;
  const { type } = field;
  const matches = TYPE_MATCHES[type];
  return (value) =>
    matches(value) ? null : [{ path: name, problem: `is ${kindOf(value)}, expected ${type}` }];
}

const TYPE_MATCHES: Record<NonNullable<Field["type"]>, (value: Json) => boolean> = {
  string: (value) => typeof value === "string",
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  number: (value) => typeof value === "number" && Number.isFinite(value),
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
};

function kindOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Null where all is well, so that the good case makes no list. An optional field that is null counts as absent. */
function problemsIn(checks: readonly FieldCheck[], values: JsonObject): Problem[] | null {
  let problems: Problem[] | null = null;
  for (const { name, required, problemsOf } of checks) {
    const value = own(values, name);
    if (value !== undefined && value !== null) {
      const found = problemsOf(value);
      if (found !== null) (problems ??= []).push(...found);
    } else if (required) {
      (problems ??= []).push({
        path: name,
        problem: value === null ? "is null, but required" : "is missing",
      });
    }
  }
  return problems;
}

function own(values: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function refuse(code: ErrorCode, subject: string, problems: Problem[], hint: string): DomainError {
  const [first, ...rest] = problems;
  const more = rest.length === 0 ? "" : ` (and ${rest.length} more)`;
  return new DomainError(
    code,
    `${subject} is not valid: ${first?.path} ${first?.problem}${more}.`,
    {
      hint,
      details: { problems: problems.slice(0, 50) },
    },
  );
}
