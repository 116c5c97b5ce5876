import { operation, router } from "../operation.ts";
import { ImportReportSchema, ImportSchema } from "../registry-schemas.ts";

/** What changes a tenant's registry. */
export const registryRouter = router({
  import: operation({
    method: "POST",
    path: "/registry/import",
    permission: "registry:import",
    tag: "Registry",
    summary: "Import capability, skill, binding and service documents",
  })
    .input(ImportSchema)
    .output(ImportReportSchema)
    .mutation(({ ctx, input }) =>
      ctx.dependencies.registry.importDocuments(ctx.tenantId, input.documents, {
        dryRun: input.dry_run,
        actor: ctx.actor,
      }),
    ),
});
