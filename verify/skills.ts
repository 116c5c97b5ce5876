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

/** Capabilities, services and bindings that reach the provider: with its keys, without, and for the turns of a loop. */
export function providerDocuments(
  provider: Pick<UnreliableProvider, "url" | "plainUrl">,
): Record<string, string> {
  return Object.assign(
    {},
    ...[
      { id: "verify.ticket.open", url: provider.url, honoursKeys: true },
      { id: "verify.ticket.add", url: provider.plainUrl, honoursKeys: false },
      { id: "verify.turn.open", url: provider.url, honoursKeys: true, title: TURN_TITLE },
    ].map(({ id, url, honoursKeys, title = TITLE }) => {
      const name = id.replaceAll(".", "_");
      return {
        [`capabilities/${id}.yaml`]: toText(capability(id)),
        [`services/${name}.yaml`]: toText({
          id: name,
          kind: "openapi",
          base_url: url,
          metadata: { timeout_seconds: 60 },
        }),
        [`bindings/${name}.yaml`]: toText(binding(id, name, honoursKeys, title)),
      };
    }),
  );
}

const TITLE = "${input.run} ${input.place}";
const TURN_TITLE = `${TITLE} \${input.turn}`;

function capability(id: string): JsonObject {
  const text = { type: "string", required: true };
  return {
    id,
    version: "1.0.0",
    description: "Opens a ticket.",
    inputs: { run: text, place: text, manner: text, turn: { type: "integer" } },
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

function binding(id: string, name: string, honoursKeys: boolean, title: string): JsonObject {
  return {
    id: name,
    capability: id,
    service: name,
    protocol: "openapi",
    operation: "tickets",
    request: { title, labels: ["input.manner"] },
    response: { ticket_id: "response.id" },
    metadata: { method: "POST", retry_count: 0, provider_idempotency: honoursKeys },
  };
}
