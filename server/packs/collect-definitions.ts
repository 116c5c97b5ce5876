import type { RunEvent } from "../../core/run-events.ts";
import { compareVersions } from "../../core/registry-version.ts";
import {
  findBindingRevision,
  listRevisionsOfBinding,
} from "../database/binding-revision-repository.ts";
import { listVersionsOfCapability } from "../database/capability-version-repository.ts";
import type { RegistryTx } from "../database/registry-repository.ts";
import {
  findServiceRevision,
  listRevisionsOfService,
} from "../database/service-revision-repository.ts";

/** The capabilities, bindings and services that a run used. Which revision of a binding is known of acting calls alone. */
export async function collectDefinitions(
  tx: RegistryTx,
  tenantId: string,
  events: readonly RunEvent[],
) {
  const used = usedBy(events);
  const capabilities = await Promise.all(
    [...used.capabilities].map(async (id) => {
      const versions = await listVersionsOfCapability(tx, tenantId, id);
      const [latest] = versions.sort((a, b) =>
        compareVersions(b.capability.version, a.capability.version),
      );
      if (latest === undefined) return [];
      const { document, contentHash, capability } = latest;
      return [{ id, version: capability.version, content_hash: contentHash, document }];
    }),
  );
  const bindings = await Promise.all(
    [...used.bindings].map(async ([id, recorded]) => {
      const [latest] = await listRevisionsOfBinding(tx, tenantId, id);
      const revision = recorded ?? latest?.revision ?? 0;
      return toRevision(
        id,
        revision,
        recorded,
        await findBindingRevision(tx, tenantId, id, revision),
      );
    }),
  );
  const services = await Promise.all(
    [...used.services].map(async (id) => {
      const [latest] = await listRevisionsOfService(tx, tenantId, id);
      const revision = latest?.revision ?? 0;
      return toRevision(id, revision, null, await findServiceRevision(tx, tenantId, id, revision));
    }),
  );
  return {
    capabilities: capabilities.flat(),
    bindings: bindings.flat(),
    services: services.flat(),
  };
}

function toRevision(
  id: string,
  revision: number,
  recorded: number | null,
  found:
    | Awaited<ReturnType<typeof findBindingRevision>>
    | Awaited<ReturnType<typeof findServiceRevision>>,
) {
  if (found === null) return [];
  const { document, contentHash } = found;
  const from = recorded === null ? ("registry" as const) : ("ledger" as const);
  return [{ id, revision, revision_from: from, content_hash: contentHash, document }];
}

function usedBy(events: readonly RunEvent[]) {
  const capabilities = new Set<string>();
  const bindings = new Map<string, number | null>();
  const services = new Set<string>();
  for (const { type, payload } of events) {
    if (type === "capability.selected") capabilities.add(payload.capability_id);
    if (type === "capability.selected" || type === "binding.attempted") {
      bindings.set(payload.binding_id, bindings.get(payload.binding_id) ?? null);
      services.add(payload.service_id);
    }
    if (type === "side_effect.attempted")
      bindings.set(payload.binding_id, payload.binding_revision);
  }
  return { capabilities, bindings, services };
}
