import type { RegistryTx } from "./registry-repository.ts";
import type { StoredDefault } from "./registry-rows.ts";

/** What stands in the column where a default holds for every environment. */
const EVERY_ENVIRONMENT = "*";

/** Every default binding of the tenant. Index: the primary key. */
export async function listDefaultSelections(
  tx: RegistryTx,
  tenantId: string,
): Promise<StoredDefault[]> {
  const rows = await tx.defaultSelection.findMany({ where: { tenantId } });
  return rows.map(({ environment, capabilityId, bindingId }) => ({
    environment: environment === EVERY_ENVIRONMENT ? null : environment,
    capabilityId,
    bindingId,
  }));
}

/** Sets default bindings; a capability keeps one per environment. */
export async function settleDefaultSelections(
  tx: RegistryTx,
  tenantId: string,
  defaults: StoredDefault[],
  by: { importId: string; importedAt: Date },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO default_selections (tenant_id, environment, capability_id, binding_id, import_id, imported_at)
    SELECT ${tenantId}, environment, capability_id, binding_id, ${by.importId}, ${by.importedAt}::timestamptz
    FROM unnest(
      ${defaults.map((each) => each.environment ?? EVERY_ENVIRONMENT)}::text[],
      ${defaults.map((each) => each.capabilityId)}::text[],
      ${defaults.map((each) => each.bindingId)}::text[]
    ) AS new (environment, capability_id, binding_id)
    ON CONFLICT (tenant_id, environment, capability_id) DO UPDATE SET
      binding_id = EXCLUDED.binding_id, import_id = EXCLUDED.import_id, imported_at = EXCLUDED.imported_at`;
}
