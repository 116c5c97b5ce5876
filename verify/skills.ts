import type { JsonObject } from "../core/json.ts";
import type { UnreliableProvider } from "./faults/unreliable-provider.ts";

/** JSON is YAML. */
const toText = (document: JsonObject) => JSON.stringify(document, null, 2);

/** A ticket whose title names the run and the place in it: so the provider's log says what happened how often. */
export function titleOf(run: string, place: string): string {
  return `${run} ${place}`;
}

/** A step that opens a ticket at a provider that honours keys, or (`plain`) at one that does not. */
export function open(
  id: string,
  more: { manner?: string; plain?: boolean; config?: JsonObject } = {},
): JsonObject {
  return {
    id,
    uses: more.plain === true ? "verify.ticket.add" : "verify.ticket.open",
    input: { run: "inputs.run", place: id, manner: more.manner ?? "serve" },
    output: { ticket_id: `vars.${id}` },
    ...(more.config === undefined ? {} : { config: more.config }),
  };
}

/** A pure step. */
export function look(id: string): JsonObject {
  return {
    id,
    uses: "perception.language.detect",
    input: { text: "inputs.run" },
    output: { language: `vars.${id}` },
  };
}

/** The document of a skill with the one input `run`, which its tickets' titles begin with. */
export function skillDocument(id: string, steps: JsonObject[], more: JsonObject = {}) {
  const skill = {
    id: `verify.${id}`,
    version: "1.0.0",
    name: id,
    description: `Of the verifiers: ${id}.`,
    inputs: { run: { type: "string", required: true } },
    steps,
    ...more,
  };
  return { [`skills/verify/${id}/skill.yaml`]: toText(skill) };
}

/** Capabilities, services and bindings that reach the provider, once with its keys and once without. */
export function providerDocuments(
  provider: Pick<UnreliableProvider, "url" | "plainUrl">,
): Record<string, string> {
  return Object.assign(
    {},
    ...[
      { verb: "open", url: provider.url, honoursKeys: true },
      { verb: "add", url: provider.plainUrl, honoursKeys: false },
    ].map(({ verb, url, honoursKeys }) => ({
      [`capabilities/verify.ticket.${verb}.yaml`]: toText(capability(verb)),
      [`services/verify_${verb}.yaml`]: toText({
        id: `verify_${verb}`,
        kind: "openapi",
        base_url: url,
        metadata: { timeout_seconds: 60 },
      }),
      [`bindings/verify_${verb}.yaml`]: toText(binding(verb, honoursKeys)),
    })),
  );
}

function capability(verb: string): JsonObject {
  const text = { type: "string", required: true };
  return {
    id: `verify.ticket.${verb}`,
    version: "1.0.0",
    description: "Opens a ticket.",
    inputs: { run: text, place: text, manner: text },
    outputs: { ticket_id: text },
    properties: {
      deterministic: false,
      side_effects: true,
      idempotent: false,
      state_access: "write",
    },
    effect: { class: "external_action", replay_policy: "use_recorded_result" },
  };
}

function binding(verb: string, honoursKeys: boolean): JsonObject {
  return {
    id: `verify_${verb}`,
    capability: `verify.ticket.${verb}`,
    service: `verify_${verb}`,
    protocol: "openapi",
    operation: "tickets",
    request: { title: "${input.run} ${input.place}", labels: ["input.manner"] },
    response: { ticket_id: "response.id" },
    metadata: { method: "POST", retry_count: 0, provider_idempotency: honoursKeys },
  };
}
