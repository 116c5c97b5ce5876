import { listOf } from "../list-schemas.ts";
import { operation, router } from "../operation.ts";
import {
  SkillDetailSchema,
  SkillItemSchema,
  SkillPlanSchema,
  RegistryFilterSchema,
  RegistryOneSchema,
  VersionedIdSchema,
  VersionItemSchema,
} from "../registry-schemas.ts";
import { SkillGraphSchema } from "../step-schemas.ts";
import { addDocument } from "./add-document.ts";

const permission = "registry:read";
const tag = "Registry";

/** The skills of a tenant's registry. */
export const skillsRouter = router({
  list: operation({ method: "GET", path: "/skills", permission, tag, summary: "List skills" })
    .input(RegistryFilterSchema)
    .output(listOf(SkillItemSchema))
    .query(({ ctx, input }) => ctx.dependencies.registry.listSkills(ctx.tenantId, input)),

  add: addDocument("skills"),

  get: operation({ method: "GET", path: "/skills/{id}", permission, tag, summary: "Get one skill" })
    .input(VersionedIdSchema)
    .output(SkillDetailSchema)
    .query(({ ctx, input }) =>
      ctx.dependencies.registry.getSkill(ctx.tenantId, input.id, input.version ?? null),
    ),

  versions: operation({
    method: "GET",
    path: "/skills/{id}/versions",
    permission,
    tag,
    summary: "List the versions of one skill",
  })
    .input(RegistryOneSchema)
    .output(listOf(VersionItemSchema))
    .query(async ({ ctx, input }) => ({
      items: await ctx.dependencies.registry.listSkillVersions(ctx.tenantId, input.id),
      next_cursor: null,
    })),

  graph: operation({
    method: "GET",
    path: "/skills/{id}/graph",
    permission,
    tag,
    summary: "Get a skill's steps and what each waits for",
  })
    .input(VersionedIdSchema)
    .output(SkillGraphSchema)
    .query(({ ctx, input }) =>
      ctx.dependencies.registry.getSkillGraph(ctx.tenantId, input.id, input.version ?? null),
    ),

  plan: operation({
    method: "POST",
    path: "/skills/{id}/plan",
    permission,
    tag,
    summary: "Compile a skill: levels, critical path, diagnostics",
  })
    .input(VersionedIdSchema)
    .output(SkillPlanSchema)
    .mutation(({ ctx, input }) =>
      ctx.dependencies.registry.getSkillPlan(ctx.tenantId, input.id, input.version ?? null),
    ),
});
