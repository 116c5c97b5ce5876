import { operation } from "../operation.ts";
import { AddDocumentSchema, ImportReportSchema } from "../registry-schemas.ts";

/** Where a registry keeps the documents of each collection; the place tells the import what a document must be. */
const PLACE_OF = {
  capabilities: (id: string) => `capabilities/${id}.yaml`,
  skills: (id: string) => `skills/local/${id.replace(".", "/")}/skill.yaml`,
  bindings: (id: string) => `bindings/${id}.yaml`,
  services: (id: string) => `services/${id}.yaml`,
};

/** `POST` on a collection of the registry: one document as JSON, taken by the same import as whole directories. */
export function addDocument(collection: keyof typeof PLACE_OF) {
  return operation({
    method: "POST",
    path: `/${collection}`,
    permission: "registry:import",
    tag: "Registry",
    summary: `Import one document into ${collection}`,
  })
    .input(AddDocumentSchema)
    .output(ImportReportSchema)
    .mutation(({ ctx, input }) => {
      const path = PLACE_OF[collection](input.document.id);
      const content = JSON.stringify(input.document, null, 2);
      return ctx.dependencies.registry.importDocuments(ctx.tenantId, [{ path, content }], {
        dryRun: input.dry_run,
        actor: ctx.actor,
      });
    });
}
