import type { Service } from "../../../core/binding.ts";
import { DomainError } from "../../../core/errors.ts";
import { type BindingEnv, resolvePlaceholders } from "./resolve-placeholders.ts";

/** Where an MCP service is. */
export type McpTarget =
  | { kind: "in_process"; name: string }
  | { kind: "stdio"; command: string; args: string[]; env: Record<string, string> }
  | { kind: "http"; url: string };

/** Reads a service's `server`, placeholders resolved. Throws `invalid_configuration` for one that names no server. */
export function mcpTargetOf(service: Service, env: BindingEnv, secrets: Set<string>): McpTarget {
  const { server } = service;
  const resolve = (text: string) =>
    resolvePlaceholders(text, env, `server of service ${service.id}`, secrets);
  if (typeof server === "string") return { kind: "in_process", name: server };
  if (Array.isArray(server)) return toStdio(service, server.map(resolve), {});
  if (server?.url !== undefined) return { kind: "http", url: resolve(server.url) };
  const variables = Object.entries(server?.env ?? {}).map(
    ([name, value]) => [name, resolve(value)] as const,
  );
  return toStdio(service, (server?.command ?? []).map(resolve), Object.fromEntries(variables));
}

function toStdio(service: Service, commandLine: string[], env: Record<string, string>): McpTarget {
  const [command, ...args] = commandLine;
  if (command !== undefined) return { kind: "stdio", command, args, env };
  throw new DomainError("invalid_configuration", `Service ${service.id} names no MCP server.`, {
    hint: "Give server as a name, a command list, {command: [...]} or {url: ...}.",
    details: { service_id: service.id },
  });
}
