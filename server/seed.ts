import { randomBytes } from "node:crypto";
import type { MakeId } from "../core/ids.ts";
import { PERMISSIONS } from "../core/permissions.ts";
import { generateApiKey, hashApiKey } from "./auth/api-key.ts";
import { hashPassword } from "./auth/password-hash.ts";
import type { Database } from "./database/client.ts";
import { hasTenant, insertTenantSeed, type TenantSeed } from "./database/seed-repository.ts";

/** The tenant of an installation that has only one. */
export const DEFAULT_TENANT_ID = "default";

const NO_SERVICES = {
  approved_connectors: [],
  internal_services: [],
  sandboxed_services: [],
  approval_timeout_seconds: null,
  approvals: {},
};

/** What the shipped environments allow (docs/decisions/0015-policy.md). */
const ENVIRONMENTS: TenantSeed["environments"] = [
  {
    name: "dev",
    settings: {
      // The sandbox service and a developer's own servers are on this machine.
      allow_private_network: true,
      trust_ceiling: "privileged",
      max_data_classification: "confidential",
      ...NO_SERVICES,
      approved_connectors: ["*"],
    },
  },
  {
    name: "staging",
    settings: {
      allow_private_network: false,
      trust_ceiling: "elevated",
      max_data_classification: "confidential",
      ...NO_SERVICES,
    },
  },
  {
    name: "prod",
    settings: {
      allow_private_network: false,
      trust_ceiling: "elevated",
      max_data_classification: "restricted",
      ...NO_SERVICES,
    },
  },
];
const DEFAULT_ADMIN_EMAIL = "admin@orca.localhost";

export type SeedRequest = {
  adminEmail: string | null;
  adminPassword: string | null;
  bootstrapApiKey: string | null;
};

/** What the first start made. A secret is null where the environment gave it: it is known already. */
export type SeedResult = { email: string; password: string | null; apiKey: string | null };

/**
 * Makes the first tenant with its environments, an admin and an API key with every scope. Null where that was done
 * before: what the environment says about them counts at the first start only.
 */
export async function seed(
  dependencies: { database: Database; makeId: MakeId; now: () => Date },
  request: SeedRequest,
): Promise<SeedResult | null> {
  const { database, makeId, now } = dependencies;
  if (await hasTenant(database, DEFAULT_TENANT_ID)) return null;
  const email = request.adminEmail ?? DEFAULT_ADMIN_EMAIL;
  const password = request.adminPassword ?? randomBytes(15).toString("base64url");
  const generated = generateApiKey();
  const given = request.bootstrapApiKey;
  const isFirst = await insertTenantSeed(database, {
    tenant: { id: DEFAULT_TENANT_ID, name: "Default" },
    environments: ENVIRONMENTS,
    admin: {
      id: makeId("user"),
      email,
      name: "Administrator",
      passwordHash: await hashPassword(password),
      role: "admin",
    },
    apiKey: {
      id: makeId("apiKey"),
      name: "bootstrap",
      prefix: given === null ? generated.prefix : given.slice(0, 8),
      hash: given === null ? generated.hash : hashApiKey(given),
      scopes: [...PERMISSIONS],
    },
    at: now(),
  });
  if (!isFirst) return null;
  return {
    email,
    password: request.adminPassword === null ? password : null,
    apiKey: given === null ? generated.key : null,
  };
}
