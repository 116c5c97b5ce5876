import { listOf } from "../list-schemas.ts";
import { operation, router } from "../operation.ts";
import {
  BindingDetailSchema,
  BindingItemSchema,
  RegistryFilterSchema,
  RegistryOneSchema,
  RevisedIdSchema,
  RevisionItemSchema,
} from "../registry-schemas.ts";
import { addDocument } from "./add-document.ts";

const permission = "registry:read";
const tag = "Registry";

/** The bindings of a tenant's registry. */
export const bindingsRouter = router({
  list: operation({ method: "GET", path: "/bindings", permission, tag, summary: "List bindings" })
    .input(RegistryFilterSchema)
    .output(listOf(BindingItemSchema))
    .query(({ ctx, input }) => ctx.dependencies.registry.listBindings(ctx.tenantId, input)),

  add: addDocument("bindings"),

  get: operation({
    method: "GET",
    path: "/bindings/{id}",
    permission,
    tag,
    summary: "Get one binding",
  })
    .input(RevisedIdSchema)
    .output(BindingDetailSchema)
    .query(({ ctx, input }) =>
      ctx.dependencies.registry.getBinding(ctx.tenantId, input.id, input.revision ?? null),
    ),

  versions: operation({
    method: "GET",
    path: "/bindings/{id}/versions",
    permission,
    tag,
    summary: "List the revisions of one binding",
  })
    .input(RegistryOneSchema)
    .output(listOf(RevisionItemSchema))
    .query(async ({ ctx, input }) => ({
      items: await ctx.dependencies.registry.listBindingRevisions(ctx.tenantId, input.id),
      next_cursor: null,
    })),
});
