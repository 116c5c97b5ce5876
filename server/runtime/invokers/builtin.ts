import { DomainError } from "../../../core/errors.ts";
import { isJsonObject, type JsonObject } from "../../../core/json.ts";
import type { Builtin, BuiltinContext, BuiltinModule } from "../builtins/builtin.ts";
import { raceBuiltin } from "./builtin-race.ts";
import {
  type Invocation,
  InvocationError,
  type InvocationResult,
  type Invoker,
} from "./invoker.ts";
import { LazySignal } from "./lazy-signal.ts";

/** Native modules by the name that a service's `module` gives them. */
export type BuiltinModules = Readonly<Record<string, BuiltinModule>>;

/**
 * Makes what a function may use for one call. `getSignal` makes the call's signal, which also aborts at its
 * timeout; give it out as a getter, since most functions never look and the signal costs more than they do.
 */
export type CreateBuiltinContext = (
  invocation: Invocation,
  getSignal: () => AbortSignal,
) => BuiltinContext;

/**
 * Calls native functions in this process. A function that answers synchronously costs no timer and no promise;
 * one that answers later is raced against the timeout and the caller's signal.
 */
export function createBuiltinInvoker(
  modules: BuiltinModules,
  createContext: CreateBuiltinContext,
): Invoker {
  return {
    protocol: "builtin",
    invoke(invocation) {
      const call = findFunction(modules, invocation);
      const ending = new LazySignal(invocation.signal);
      let answer: JsonObject | Promise<JsonObject>;
      try {
        answer = call(
          invocation.payload,
          createContext(invocation, () => ending.get()),
        );
      } catch (error) {
        throw toBuiltinError(error, invocation);
      }
      if (!(answer instanceof Promise)) return toResult(answer, invocation);
      return raceBuiltin(answer, invocation, ending).then(
        (output) => toResult(output, invocation),
        (error: unknown) => {
          throw toBuiltinError(error, invocation);
        },
      );
    },
  };
}

function findFunction(modules: BuiltinModules, { binding, service }: Invocation): Builtin {
  const name = service.module ?? "";
  const module = Object.hasOwn(modules, name) ? modules[name] : undefined;
  const call =
    module !== undefined && Object.hasOwn(module, binding.operation)
      ? module[binding.operation]
      : undefined;
  if (call !== undefined) return call;
  const missing =
    module === undefined ? `module ${name}` : `function ${binding.operation} in module ${name}`;
  throw new DomainError(
    "invalid_configuration",
    `Binding ${binding.id} needs the native ${missing}, which this server does not have.`,
    {
      hint: "Activate another binding of the capability, or update the server.",
      details: { binding_id: binding.id, module: name, operation: binding.operation },
    },
  );
}

function toResult(output: unknown, invocation: Invocation): InvocationResult {
  if (isJsonObject(output)) return { response: output };
  const kind = Array.isArray(output) ? "a list" : output === null ? "null" : typeof output;
  throw new InvocationError(
    "upstream_failure",
    `The function ${nameOf(invocation)} returned ${kind} instead of an object.`,
    {
      details: { reason: "not_an_object" },
      possiblySent: true,
      isServiceFault: false,
    },
  );
}

/** With these a native function says that it did nothing. */
const REFUSALS: ReadonlySet<string> = new Set([
  "invalid_request",
  "invalid_configuration",
  "not_found",
]);

/**
 * What a native function threw, as the failure of its call: its own DomainError kept, anything else a `runtime_error`
 * with its message. Never the module's fault: its functions reach many places, and one bad address of one run must
 * not open a breaker on all the others.
 */
export function toBuiltinError(error: unknown, invocation: Invocation): InvocationError {
  if (error instanceof InvocationError) return error;
  if (error instanceof DomainError) {
    return new InvocationError(error.code, error.message, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.details === undefined ? {} : { details: error.details }),
      possiblySent: !REFUSALS.has(error.code),
      isServiceFault: false,
      cause: error,
    });
  }
  const text = error instanceof Error ? error.message : "it threw a value that is no error";
  return new InvocationError(
    "runtime_error",
    `The function ${nameOf(invocation)} failed: ${text}`,
    {
      possiblySent: true,
      isServiceFault: false,
      cause: error,
    },
  );
}

function nameOf({ binding, service }: Invocation): string {
  return `${service.module ?? service.id}.${binding.operation}`;
}
