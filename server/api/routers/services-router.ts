import { listOf } from "../list-schemas.ts";
import { operation, router } from "../operation.ts";
import {
  ServiceDetailSchema,
  ServiceItemSchema,
  RegistryFilterSchema,
  RegistryOneSchema,
  RevisedIdSchema,
  RevisionItemSchema,
} from "../registry-schemas.ts";
import { addDocument } from "./add-document.ts";

const permission = "registry:read";
const tag = "Registry";

/** The services of a tenant's registry. */
export const servicesRouter = router({
  list: operation({ method: "GET", path: "/services", permission, tag, summary: "List services" })
    .input(RegistryFilterSchema)
    .output(listOf(ServiceItemSchema))
    .query(({ ctx, input }) => ctx.dependencies.registry.listServices(ctx.tenantId, input)),

  add: addDocument("services"),

  get: operation({
    method: "GET",
    path: "/services/{id}",
    permission,
    tag,
    summary: "Get one service",
  })
    .input(RevisedIdSchema)
    .output(ServiceDetailSchema)
    .query(({ ctx, input }) =>
      ctx.dependencies.registry.getService(ctx.tenantId, input.id, input.revision ?? null),
    ),

  versions: operation({
    method: "GET",
    path: "/services/{id}/versions",
    permission,
    tag,
    summary: "List the revisions of one service",
  })
    .input(RegistryOneSchema)
    .output(listOf(RevisionItemSchema))
    .query(async ({ ctx, input }) => ({
      items: await ctx.dependencies.registry.listServiceRevisions(ctx.tenantId, input.id),
      next_cursor: null,
    })),
});
