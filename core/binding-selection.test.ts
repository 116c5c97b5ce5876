import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BindingSchema, type Binding } from "./binding.ts";
import { selectBindings, type BindingQuestion } from "./binding-selection.ts";

const CAPABILITY = "text.content.summarize";

function makeBinding(id: string, fields: Record<string, unknown> = {}): Binding {
  return BindingSchema.parse({
    id,
    capability: CAPABILITY,
    service: `${id}_service`,
    protocol: "openapi",
    operation: "summarize",
    ...fields,
  });
}

function ask(bindings: Binding[], fields: Partial<BindingQuestion> = {}) {
  return selectBindings({
    capabilityId: CAPABILITY,
    bindings,
    activations: {},
    defaults: {},
    availableEnv: new Set(),
    requiredConformance: "experimental",
    ...fields,
  });
}

const a = makeBinding("a");
const b = makeBinding("b");
const native = makeBinding("native", { protocol: "pythoncall" });
const openai = makeBinding("chat", { service: "text_openai_chat" });

describe("selection of the first binding", () => {
  test("the environment's activation wins over everything else", () => {
    const [first] = ask([a, native, openai], {
      activations: { [CAPABILITY]: "a" },
      defaults: { [CAPABILITY]: "native" },
      availableEnv: new Set(["OPENAI_API_KEY"]),
    });
    expect(first).toMatchObject({
      bindingId: "a",
      source: "environment_activation",
      eligible: true,
    });
  });

  test("with an OpenAI key the first openai service is preferred, without one the first builtin", () => {
    expect(
      ask([a, native, openai], { availableEnv: new Set(["OPENAI_API_KEY"]) })[0],
    ).toMatchObject({
      bindingId: "chat",
      source: "environment_preferred",
    });
    expect(ask([a, native, openai])[0]).toMatchObject({
      bindingId: "native",
      source: "environment_preferred",
    });
  });

  test("a key without an openai binding prefers the builtin", () => {
    expect(ask([a, native], { availableEnv: new Set(["OPENAI_API_KEY"]) })[0]?.bindingId).toBe(
      "native",
    );
  });

  test("the default is taken where nothing is active or preferred", () => {
    expect(ask([a, b], { defaults: { [CAPABILITY]: "b" } })[0]).toMatchObject({
      bindingId: "b",
      source: "default",
    });
  });

  test("a single binding needs no choice", () => {
    expect(ask([a])[0]).toMatchObject({ bindingId: "a", source: "only_binding" });
  });

  test("several bindings without a choice are refused with the list of them", () => {
    expect(() => ask([a, b])).toThrowError(
      expect.objectContaining({ code: "invalid_configuration", hint: "Activate one of: a, b." }),
    );
  });

  test("no binding is refused by the capability's name, with what to import", () => {
    const foreign = makeBinding("foreign", { capability: "text.content.translate" });
    expect(() => ask([foreign])).toThrowError(
      expect.objectContaining({
        code: "invalid_configuration",
        message: `Capability ${CAPABILITY} has no binding.`,
        hint: expect.stringContaining(`capability: ${CAPABILITY}`),
      }),
    );
  });

  test("an activation of a binding that is not there is refused by its name", () => {
    expect(() => ask([a], { activations: { [CAPABILITY]: "gone" } })).toThrowError(
      /activates gone for/,
    );
  });
});

describe("the chain after the first binding", () => {
  test("follows fallbacks, stops where they repeat, and ends with the default", () => {
    const one = makeBinding("one", { metadata: { fallback_binding_id: "two" } });
    const two = makeBinding("two", { metadata: { fallback_binding_id: "one" } });
    const chain = ask([one, two, native], {
      activations: { [CAPABILITY]: "one" },
      defaults: { [CAPABILITY]: "native" },
    });
    expect(chain.map((choice) => [choice.bindingId, choice.source])).toEqual([
      ["one", "environment_activation"],
      ["two", "fallback"],
      ["native", "fallback"],
    ]);
    expect(chain[1]?.reason).toBe("fallback of one");
  });

  test("stops at a binding of another capability", () => {
    const foreign = makeBinding("foreign", { capability: "text.content.translate" });
    const one = makeBinding("one", { metadata: { fallback_binding_id: "foreign" } });
    expect(ask([one, foreign]).map((choice) => choice.bindingId)).toEqual(["one"]);
  });

  test("keeps an ineligible binding in its place, with the reason", () => {
    const weak = makeBinding("weak", {
      metadata: { conformance_profile: "experimental", fallback_binding_id: "a" },
    });
    const chain = ask([weak, a], {
      activations: { [CAPABILITY]: "weak" },
      requiredConformance: "standard",
    });
    expect(chain[0]).toMatchObject({
      bindingId: "weak",
      eligible: false,
      skipReason: 'conforms to "experimental", "standard" is required',
    });
    expect(chain[1]).toMatchObject({ bindingId: "a", eligible: true });
  });

  test("is refused as a whole where nothing conforms", () => {
    expect(() => ask([a], { requiredConformance: "strict" })).toThrowError(
      expect.objectContaining({ code: "conformance_unmet" }),
    );
  });

  test("names each binding once and always ends, whatever the fallbacks", () => {
    const ids = ["b0", "b1", "b2", "b3", "b4"];
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.constantFrom(...ids), { nil: undefined }), {
          minLength: 5,
          maxLength: 5,
        }),
        fc.constantFrom(...ids),
        fc.constantFrom(...ids),
        (fallbacks, active, fallbackDefault) => {
          const bindings = ids.map((id, index) =>
            makeBinding(id, { metadata: { fallback_binding_id: fallbacks[index] } }),
          );
          const chain = ask(bindings, {
            activations: { [CAPABILITY]: active },
            defaults: { [CAPABILITY]: fallbackDefault },
          }).map((choice) => choice.bindingId);
          expect(chain[0]).toBe(active);
          expect(new Set(chain).size).toBe(chain.length);
          expect(chain).toContain(fallbackDefault);
        },
      ),
    );
  });
});
