import { z } from "zod";
import type { CheckpointKind } from "../../core/run-events.ts";
import type {
  CheckpointChangesView,
  CheckpointStateView,
  CheckpointView,
} from "../../core/run-view.ts";
import { AnyJson, AnyJsonObject, TimeOut } from "./json-schemas.ts";
import { PageSchema } from "./list-schemas.ts";
import { RunIdSchema } from "./run-schemas.ts";

export const OneCheckpointSchema = z.object({
  run_id: RunIdSchema,
  checkpoint_id: z
    .string()
    .min(1)
    .max(200)
    .describe("The checkpoint's id, or `latest` for the newest one"),
});

export const CheckpointsFilterSchema = PageSchema.extend({
  run_id: RunIdSchema,
  pinned: z.boolean().optional().describe("true: only those that are pinned"),
});

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

/** A position in a run's history that its state can be rebuilt at (core/run-view.ts). */
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

export const CheckpointAnswerSchema = z.object({ checkpoint: CheckpointViewSchema });

export const CheckpointStateSchema = z.object({
  checkpoint: CheckpointViewSchema,
  state_version: z.string(),
  state: AnyJsonObject,
}) satisfies z.ZodType<CheckpointStateView>;

const BytesOut = z.int().min(0).describe("Of the value as JSON");

export const CheckpointChangesSchema = z.object({
  checkpoint: CheckpointViewSchema,
  added: z.int().describe("How many; `items` holds at most the first 1,000 changes of all kinds"),
  changed: z.int(),
  removed: z.int(),
  bytes_before: BytesOut,
  bytes_after: BytesOut,
  items: z.array(
    z.object({
      path: z.string(),
      kind: z.enum(["added", "changed", "removed"]),
      bytes_before: BytesOut.nullable(),
      bytes_after: BytesOut.nullable(),
      before: AnyJson.exactOptional().describe("Only where it is at most 256 bytes"),
      after: AnyJson.exactOptional().describe("Only where it is at most 256 bytes"),
    }),
  ),
}) satisfies z.ZodType<CheckpointChangesView>;
