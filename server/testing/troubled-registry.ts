import type { JsonObject } from "../../core/json.ts";

const TEXT = { type: "string", required: true };

/** One capability behind one service, and a skill `proof.<name>` whose second step calls it. */
type Trouble = {
  name: string;
  protocol: "openapi" | "mcp";
  operation: string;
  service: JsonObject;
  metadata?: JsonObject;
  config?: JsonObject;
};

/** Registry documents by path for skills that go wrong at their step `call`, after `look` went well. */
export function troubledRegistry(troubles: readonly Trouble[]): Record<string, string> {
  return Object.assign({}, ...troubles.map(documentsOf));
}

function documentsOf(trouble: Trouble): Record<string, string> {
  const { name, protocol, operation, service, metadata = {}, config = {} } = trouble;
  const id = `proof.${name}.read`;
  return {
    [`capabilities/${id}.yaml`]: toText(capability(id)),
    [`services/proof_${name}.yaml`]: toText({ id: `proof_${name}`, kind: protocol, ...service }),
    [`bindings/proof_${name}.yaml`]: toText(binding(name, protocol, operation, metadata)),
    ...troubledSkill(name, { uses: id, output: { answer: "outputs.answer" }, config }),
  };
}

/** The document of a skill `proof.<name>` whose first step finds a language and whose second is `call`. */
export function troubledSkill(name: string, call: JsonObject): Record<string, string> {
  const look = {
    id: "look",
    uses: "perception.language.detect",
    input: { text: "inputs.text" },
    output: { language: "outputs.language" },
  };
  const skill = {
    id: `proof.${name}`,
    version: "1.0.0",
    name,
    description: `Goes on to ${name}.`,
    inputs: { text: TEXT },
    outputs: { language: { type: "string" }, answer: { type: "string" } },
    steps: [look, { id: "call", input: { text: "inputs.text" }, ...call }],
  };
  return { [`skills/${name}.yaml`]: toText(skill) };
}

/** JSON is YAML. */
const toText = (document: JsonObject) => JSON.stringify(document, null, 2);

function capability(id: string): JsonObject {
  return {
    id,
    version: "1.0.0",
    description: "Reads an answer from a service that has its troubles.",
    inputs: { text: TEXT },
    outputs: { answer: TEXT },
    properties: {
      deterministic: false,
      side_effects: false,
      idempotent: true,
      state_access: "read",
    },
  };
}

function binding(name: string, protocol: string, operation: string, metadata: JsonObject) {
  return {
    id: `proof_${name}`,
    capability: `proof.${name}.read`,
    service: `proof_${name}`,
    protocol,
    operation,
    request: { text: "input.text" },
    response: { answer: "response.answer" },
    metadata: { retry_count: 0, ...metadata },
  };
}
