import type { RegistryCatalog } from "../../registry/registry-catalog.ts";
import { inlineCatalog } from "../testing/inline-catalog.ts";

/**
 * The skills that the crash tests run: a chain of effects, a map of effects, a nested skill, a timer between effects, and
 * effects whose provider does not honour keys but says what became of a call.
 */
export const CRASH_SKILLS = [
  "crash.chain",
  "crash.map",
  "crash.nested",
  "crash.timer",
  "crash.probed",
];

/** Its provider would act twice if it were called twice. */
export const PROBED_CAPABILITY = "crash.value.probed";

const named = (id: string, steps: object[]) => ({
  id,
  version: "1.0.0",
  name: id,
  description: id,
  inputs: { value: { type: "integer" }, list: { type: "array" } },
  steps,
});

const write = (id: string, from: string, to: string) => ({
  id,
  uses: "crash.value.write",
  input: { value: from },
  output: { value: to },
});

export function crashCatalog(): RegistryCatalog {
  return inlineCatalog({
    capabilities: [
      { id: "crash.value.compute", outputs: ["value"] },
      { id: "crash.value.write", outputs: ["value"], effect: "write", providerIdempotency: true },
      {
        id: PROBED_CAPABILITY,
        outputs: ["value"],
        effect: "write",
        statusProbe: {
          operation: "crash.value.status",
          request: { key: "effect.idempotency_key", value: "input.value" },
          status: "response.state",
          happened: ["done"],
          not_happened: ["none"],
        },
      },
    ],
    skills: [
      named("crash.chain", [
        write("w1", "inputs.value", "vars.a"),
        {
          id: "c",
          uses: "crash.value.compute",
          input: { value: "vars.a" },
          output: { value: "vars.b" },
        },
        write("w2", "vars.b", "vars.c"),
        write("w3", "vars.c", "outputs.value"),
      ]),
      named("crash.map", [
        {
          id: "each",
          uses: "crash.value.write",
          input: { value: "item" },
          output: { value: "outputs.values" },
          config: { foreach: { items: "inputs.list", concurrency: 2 } },
        },
      ]),
      named("crash.nested", [
        {
          id: "call",
          uses: "skill:crash.chain",
          input: { value: "inputs.value" },
          output: { value: "vars.v" },
        },
        write("after", "vars.v", "outputs.value"),
      ]),
      named("crash.probed", [
        {
          id: "p1",
          uses: PROBED_CAPABILITY,
          input: { value: "inputs.value" },
          output: { value: "vars.v" },
        },
        {
          id: "p2",
          uses: PROBED_CAPABILITY,
          input: { value: "vars.v" },
          output: { value: "outputs.value" },
        },
      ]),
      named("crash.timer", [
        write("before", "inputs.value", "vars.v"),
        { id: "nap", uses: "wait.timer", input: { duration_seconds: 0.1 } },
        write("after", "vars.v", "outputs.value"),
      ]),
    ],
  });
}
