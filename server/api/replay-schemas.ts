import { z } from "zod";
import { REPLAY_POLICIES } from "../../core/capability.ts";
import { ROLES } from "../../core/permissions.ts";
import { PLANNED_OPERATIONS, type ReplayPlanView } from "../../core/run-view.ts";
import { AnyJsonObject } from "./json-schemas.ts";
import { RunIdSchema, RunSummarySchema } from "./run-schemas.ts";

const EditsSchema = z
  .strictObject({
    inputs: AnyJsonObject.default({}).describe(
      "Take the place of the source's inputs of the same names",
    ),
    vars: AnyJsonObject.default({}).describe(
      "Variables that have these values from the chosen point on",
    ),
    bindings: z
      .record(z.string(), z.string())
      .default({})
      .describe("Binding by capability id, in place of the environment's"),
    version: z.string().min(1).max(100).optional().describe("Another version of the skill"),
    environment: z.string().min(1).max(100).optional(),
  })
  .prefault({});

const OverridesSchema = z
  .record(z.string(), z.enum(REPLAY_POLICIES))
  .default({})
  .describe("What is done with steps in place of what their policy says, by step id");

const From = {
  run_id: RunIdSchema,
  checkpoint_id: z.string().min(1).max(200).optional().describe("From this checkpoint on"),
  step: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("From this step on; absent as well: from the failed step, or the beginning"),
  edits: EditsSchema,
  step_map: z
    .record(z.string(), z.string().nullable())
    .default({})
    .describe("What steps of the source are in the version that runs; null: gone"),
  overrides: OverridesSchema,
};
const PlanHashSchema = z
  .string()
  .max(200)
  .optional()
  .describe("Of the plan that was looked at; refused where another one would be carried out");

export const PlanReplaySchema = z.strictObject({
  ...From,
  operation: z
    .enum(PLANNED_OPERATIONS)
    .default("replay")
    .describe("push_back: a replay that takes the run's place, trusted as the run is"),
});
export const ReplayRunSchema = z.strictObject({ ...From, plan_hash: PlanHashSchema });
export const ForkRunSchema = z.strictObject({
  ...From,
  plan_hash: PlanHashSchema,
  start: z.boolean().default(false).describe("false: it waits, pending, to be resumed"),
});

export const ResumeRunSchema = z.strictObject({
  run_id: RunIdSchema,
  reason: z.string().trim().min(1).max(2000).optional(),
  overrides: OverridesSchema,
  plan_hash: PlanHashSchema,
});

export const ReplayPlanSchema = z.object({
  run_id: z.string(),
  operation: z.enum(PLANNED_OPERATIONS),
  checkpoint_id: z.string().nullable().describe("null: from the beginning, or a resume"),
  skill_id: z.string(),
  skill_version: z.string(),
  environment: z.string(),
  inputs: AnyJsonObject,
  vars: AnyJsonObject.describe("The variables that are edited"),
  bindings: z.record(z.string(), z.string()).describe("The bindings that are chosen"),
  binding_choices: z
    .array(
      z.object({
        capability_id: z.string(),
        binding_id: z.string().nullable().describe("Called first; null: none may be called"),
        options: z.array(z.string()),
      }),
    )
    .describe("Capabilities with several bindings"),
  overrides: z.record(z.string(), z.enum(REPLAY_POLICIES)),
  rows: z.array(
    z.object({
      step_id: z.string(),
      occurrence: z.string().nullable(),
      decision: z.enum(["reuse", "run", "wait", "skip", "ask", "blocked"]),
      is_certain: z.boolean(),
      reason: z.string(),
      effect_id: z.string().nullable(),
      override: z.enum(REPLAY_POLICIES).nullable().describe("What was chosen for the step"),
      may_become: z
        .array(z.object({ policy: z.enum(REPLAY_POLICIES), roles: z.array(z.enum(ROLES)) }))
        .describe("What may be chosen for the step, and in which role"),
      estimated_ms: z.number().nullable(),
    }),
  ),
  totals: z.object({
    reuse: z.int(),
    run: z.int(),
    wait: z.int(),
    skip: z.int(),
    ask: z.int(),
    blocked: z.int(),
    estimated_ms: z.number().describe("Of the steps that run again, as long as they were recorded"),
  }),
  compatibility: z.object({
    removed: z.array(z.string()).describe("Steps of the source that the version has not"),
    added: z.array(z.string()).describe("Steps that the source had not"),
    renamed: z
      .array(z.object({ from: z.string(), to: z.string(), is_proposed: z.boolean() }))
      .describe("The same steps under another id; proposed where step_map does not say so"),
    retyped: z
      .array(z.object({ step_id: z.string(), reason: z.string() }))
      .describe("Steps of the source whose results do not fit any more"),
    choices: z
      .array(z.object({ from: z.string(), to: z.array(z.string()) }))
      .describe("What steps that are not what they were could be mapped to"),
  }),
  plan_hash: z.string(),
}) satisfies z.ZodType<ReplayPlanView>;

export const LineageSchema = z.object({
  root_run_id: z.string(),
  items: z.array(RunSummarySchema),
});
