import { z } from "zod";
import type { CheckpointKind } from "../../core/run-events.ts";
import type { CheckpointView, SkillGraph, StepView } from "../../core/run-view.ts";
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

const CHECKPOINT_KINDS = [
  "run_started",
  "step_started",
  "step_completed",
  "retry_scheduled",
  "waiting_for_human",
  "waiting_for_signal",
  "paused",
  "run_resumed",
  "run_finished",
] as const satisfies readonly CheckpointKind[];

export const CheckpointViewSchema = z.object({
  checkpoint_id: z.string(),
  run_id: z.string(),
  sequence: z.int(),
  parent_checkpoint_id: z.string().nullable(),
  kind: z.enum(CHECKPOINT_KINDS),
  step_path: z.string().nullable(),
  state_hash: z.string(),
  created_at: TimeOut,
  pinned: z.boolean(),
}) satisfies z.ZodType<CheckpointView>;

/** A skill's steps and what each waits for, for pictures. */
export const SkillGraphSchema = z.object({
  skill_id: z.string(),
  skill_version: z.string(),
  steps: z.array(
    z.object({
      step_id: z.string(),
      uses: z.string(),
      kind: z.enum(["capability", "skill", "signal", "timer"]),
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
