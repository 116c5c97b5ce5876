import { listOf } from "../list-schemas.ts";
import { operation, router } from "../operation.ts";
import {
  CapabilityDetailSchema,
  CapabilityItemSchema,
  RegistryFilterSchema,
  RegistryOneSchema,
  VersionedIdSchema,
  VersionItemSchema,
} from "../registry-schemas.ts";
import { addDocument } from "./add-document.ts";

const permission = "registry:read";
const tag = "Registry";

/** The capabilities of a tenant's registry. */
export const capabilitiesRouter = router({
  list: operation({
    method: "GET",
    path: "/capabilities",
    permission,
    tag,
    summary: "List capabilities",
  })
    .input(RegistryFilterSchema)
    .output(listOf(CapabilityItemSchema))
    .query(({ ctx, input }) => ctx.dependencies.registry.listCapabilities(ctx.tenantId, input)),

  add: addDocument("capabilities"),

  get: operation({
    method: "GET",
    path: "/capabilities/{id}",
    permission,
    tag,
    summary: "Get one capability",
  })
    .input(VersionedIdSchema)
    .output(CapabilityDetailSchema)
    .query(({ ctx, input }) =>
      ctx.dependencies.registry.getCapability(ctx.tenantId, input.id, input.version ?? null),
    ),

  versions: operation({
    method: "GET",
    path: "/capabilities/{id}/versions",
    permission,
    tag,
    summary: "List the versions of one capability",
  })
    .input(RegistryOneSchema)
    .output(listOf(VersionItemSchema))
    .query(async ({ ctx, input }) => ({
      items: await ctx.dependencies.registry.listCapabilityVersions(ctx.tenantId, input.id),
      next_cursor: null,
    })),
});
