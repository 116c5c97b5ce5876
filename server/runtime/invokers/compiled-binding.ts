import type { Binding } from "../../../core/binding.ts";
import {
  compileRequestTemplate,
  compileResponseMapping,
  type RequestTemplate,
  type ResponseMapping,
} from "../../../core/binding-mapping.ts";

export type CompiledBinding = { request: RequestTemplate; response: ResponseMapping };

const compiled = new WeakMap<Binding, CompiledBinding>();

/** The mappings of a binding, compiled once per object: revisions are immutable, so a new one is a new object. */
export function compileBinding(binding: Binding): CompiledBinding {
  const known = compiled.get(binding);
  if (known !== undefined) return known;
  const fresh = {
    request: compileRequestTemplate(binding.request),
    response: compileResponseMapping(binding.response),
  };
  compiled.set(binding, fresh);
  return fresh;
}
