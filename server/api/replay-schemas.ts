import { z } from "zod";
import type { ReplayPlanView } from "../../core/run-view.ts";
import { AnyJsonObject } from "./json-schemas.ts";
import { RunIdSchema, RunSummarySchema } from "./run-schemas.ts";

const EditsSchema = z
  .strictObject({
    inputs: AnyJsonObject.default({}).describe(
      "Take the place of the source's inputs of the same names",
    ),
    version: z.string().min(1).max(100).optional().describe("Another version of the skill"),
    environment: z.string().min(1).max(100).optional(),
  })
  .prefault({});

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
};
const planHash = z
  .string()
  .max(200)
  .optional()
  .describe("Of the plan that was looked at; refused where another one would be carried out");

export const PlanReplaySchema = z.strictObject({
  ...From,
  operation: z.enum(["replay", "fork", "resume"]).default("replay"),
});
export const ReplayRunSchema = z.strictObject({ ...From, plan_hash: planHash });
export const ForkRunSchema = z.strictObject({
  ...From,
  plan_hash: planHash,
  start: z.boolean().default(false).describe("false: it waits, pending, to be resumed"),
});

export const ReplayPlanSchema = z.object({
  run_id: z.string(),
  operation: z.enum(["replay", "fork", "resume"]),
  checkpoint_id: z.string().nullable().describe("null: from the beginning, or a resume"),
  skill_id: z.string(),
  skill_version: z.string(),
  environment: z.string(),
  inputs: AnyJsonObject,
  rows: z.array(
    z.object({
      step_id: z.string(),
      occurrence: z.string().nullable(),
      decision: z.enum(["reuse", "run", "wait", "skip", "ask", "blocked"]),
      is_certain: z.boolean(),
      reason: z.string(),
      effect_id: z.string().nullable(),
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
    removed: z.array(z.string()).describe("Recorded steps that the version has not"),
    added: z.array(z.string()).describe("Steps that were never recorded"),
  }),
  plan_hash: z.string(),
}) satisfies z.ZodType<ReplayPlanView>;

export const LineageSchema = z.object({
  root_run_id: z.string(),
  items: z.array(RunSummarySchema),
});
