import { z } from "zod";
import type { SkillGraph, StepView } from "../../core/run-view.ts";
import { STEP_STATUSES } from "../../core/step.ts";
import { ErrorRecordSchema, AnyJsonObject, TimeOut } from "./json-schemas.ts";

const LoopKindSchema = z.enum(["foreach", "while", "scatter"]);

const AttemptViewSchema = z.object({
  attempt: z.int(),
  started_at: TimeOut,
  ended_at: TimeOut.nullable(),
  status: z.enum(["running", "completed", "failed", "canceled"]),
  error: ErrorRecordSchema.nullable(),
});

/** One step of a run, or one occurrence of it (core/run-view.ts). */
export const StepViewSchema = z.object({
  step_id: z.string(),
  occurrence: z.string().nullable(),
  status: z.enum(STEP_STATUSES),
  uses: z.string().nullable(),
  loop: z.object({ kind: LoopKindSchema, count: z.int().nullable() }).nullable(),
  attempts: z.array(AttemptViewSchema),
  started_at: TimeOut.nullable(),
  ended_at: TimeOut.nullable(),
  due_at: TimeOut.nullable(),
  reason: z.string().nullable(),
  error: ErrorRecordSchema.nullable(),
  input: AnyJsonObject.nullable(),
  output: AnyJsonObject.nullable(),
  binding: z
    .object({ binding_id: z.string(), service_id: z.string(), reason: z.string() })
    .nullable(),
  child_run_id: z.string().nullable(),
  effect_ids: z.array(z.string()),
}) satisfies z.ZodType<StepView>;

/** A skill's steps and what each waits for, for pictures. */
export const SkillGraphSchema = z.object({
  skill_id: z.string(),
  skill_version: z.string(),
  steps: z.array(
    z.object({
      step_id: z.string(),
      uses: z.string(),
      kind: z.enum(["capability", "skill", "signal", "timer", "approval"]),
      depends_on: z.array(z.string()),
      condition: z.string().nullable(),
      loop: LoopKindSchema.nullable(),
      router: z
        .object({
          on: z.string(),
          cases: z.record(z.string(), z.string()),
          default: z.string().nullable(),
        })
        .nullable(),
      join: z.string(),
      writes: z.array(z.string()),
      reads: z.array(z.string()),
    }),
  ),
}) satisfies z.ZodType<SkillGraph>;
