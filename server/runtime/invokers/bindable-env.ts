import type { BindingEnv } from "./resolve-placeholders.ts";

/** The server's own settings and secrets, which nobody who writes a service file may send to an address of their choice. */
const OWN_VARIABLES = /^(ORCA_|AUTH_|NEXTAUTH_|OTEL_|PG|POSTGRES|DATABASE_|REDIS_|NODE_|PRISMA_)/;

/** The variables that bindings and services may name: those of the process without the server's own. */
export function bindableEnv(env: BindingEnv): BindingEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => value !== undefined && value !== "" && !OWN_VARIABLES.test(name),
    ),
  );
}
