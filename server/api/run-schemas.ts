import { z } from "zod";
import { CONFORMANCE_PROFILES, TRUST_LEVELS } from "../../core/capability.ts";
import { COMPENSATION_OUTCOMES } from "../../core/compensation.ts";
import type { EventEnvelope, EventType, RunOptions } from "../../core/run-events.ts";
import { RUN_STATUSES } from "../../core/run.ts";
import type { CompensationView, RunDetail, RunSummary } from "../../core/run-view.ts";
import { ErrorRecordSchema, AnyJsonObject, TimeOut } from "./json-schemas.ts";
import { PageSchema } from "./list-schemas.ts";

export const RunIdSchema = z
  .string()
  .regex(/^run_[0-9a-z]{1,64}$/, "expected a run id such as run_0199f3c2")
  .describe("The run's id");

export const RunOptionsSchema = z.strictObject({
  fail_fast: z.boolean().exactOptional(),
  timeout_seconds: z.number().positive().exactOptional(),
  required_conformance_profile: z.enum(CONFORMANCE_PROFILES).exactOptional(),
  trust_level: z
    .enum(TRUST_LEVELS)
    .exactOptional()
    .describe("In a request it only lowers how far the run is trusted; in an answer it is that"),
}) satisfies z.ZodType<RunOptions>;

/** The options of a run, with what a replay or fork may choose besides. */
const RunOptionsOutSchema = RunOptionsSchema.extend({
  bindings: z.record(z.string(), z.string()).exactOptional(),
}) satisfies z.ZodType<RunOptions>;

/** A run as lists show it (core/run-view.ts). */
export const RunSummarySchema = z.object({
  run_id: z.string(),
  skill_id: z.string(),
  skill_version: z.string(),
  environment: z.string(),
  status: z.enum(RUN_STATUSES),
  attributes: AnyJsonObject,
  created_at: TimeOut,
  started_at: TimeOut.nullable(),
  finished_at: TimeOut.nullable(),
  wake_at: TimeOut.nullable(),
  head_sequence: z.int(),
  trace_id: z.string(),
  parent_run_id: z.string().nullable(),
  source_run_id: z.string().nullable(),
  lineage_root_run_id: z.string(),
  error: ErrorRecordSchema.nullable(),
}) satisfies z.ZodType<RunSummary>;

const ParentRefSchema = z.object({
  run_id: z.string(),
  step_id: z.string(),
  occurrence: z.string().exactOptional(),
  step_path: z.string(),
  depth: z.int(),
  initiator: z.string().exactOptional(),
});

const EffectPlace = {
  step_id: z.string(),
  occurrence: z.string().exactOptional(),
  effect_id: z.string(),
  capability_id: z.string(),
};
const LeftEffectSchema = z.object({ ...EffectPlace, reason: z.string() });

/** A run with what went in and came out. */
export const RunDetailSchema = RunSummarySchema.extend({
  skill_hash: z.string(),
  inputs: AnyJsonObject,
  outputs: AnyJsonObject.nullable(),
  options: RunOptionsOutSchema,
  parent: ParentRefSchema.nullable(),
  child_run_ids: z.array(z.string()),
  compensation: z
    .enum(COMPENSATION_OUTCOMES)
    .describe("What became of undoing what the run did; none where nothing was undone"),
  left_standing: z.array(LeftEffectSchema).describe("Effects of an undone run that stand"),
  compensation_error: ErrorRecordSchema.nullable().describe(
    "Why nothing was undone although it should have been",
  ),
}) satisfies z.ZodType<RunDetail>;

/** What is or would be undone of a run (core/run-view.ts). */
export const CompensationViewSchema = z.object({
  begun_at: TimeOut.nullable().describe("Null where nothing is undone and this is what would be"),
  strategy: z.enum(["backward", "parallel"]),
  undo: z.array(
    z.object({
      ...EffectPlace,
      uses: z.string().describe("What is called to undo it"),
      is_certain: z.boolean().describe("False where nobody knows whether it happened"),
      is_undone: z.boolean(),
    }),
  ),
  left: z.array(LeftEffectSchema),
}) satisfies z.ZodType<CompensationView>;

/** The answer of every command on a run. */
export const RunAnswerSchema = z.object({ run: RunSummarySchema });

/** The answer of a start; `outputs` stands there once a caller who waits has seen the end. */
export const StartedRunSchema = z.object({
  run: RunSummarySchema.extend({ outputs: AnyJsonObject.nullable().exactOptional() }),
});

export const StartRunSchema = z.strictObject({
  skill: z.string().min(1).max(300).describe("The skill's id"),
  version: z.string().min(1).max(100).optional().describe("Absent: the newest one"),
  inputs: AnyJsonObject.default({}),
  environment: z.string().min(1).max(100).default("dev"),
  attributes: AnyJsonObject.default({}).describe("Values to find the run by"),
  options: RunOptionsSchema.default({}),
  start_at: z.iso.datetime({ offset: true }).optional().describe("Not before this time"),
  wait: z
    .number()
    .min(0)
    .max(60)
    .optional()
    .describe("Seconds to wait for the end before answering"),
});

export const RunsFilterSchema = PageSchema.extend({
  status: z.array(z.enum(RUN_STATUSES)).max(RUN_STATUSES.length).optional(),
  skill: z.string().max(300).optional(),
  environment: z.string().max(100).optional(),
  q: z
    .string()
    .max(200)
    .optional()
    .describe("Start of the id, part of the skill, or an attribute's value"),
  attributes: z.record(z.string(), z.string()).optional(),
  started_after: z.iso.datetime({ offset: true }).optional(),
  started_before: z.iso.datetime({ offset: true }).optional(),
});

const EventTypeOut = z
  .custom<EventType>((value) => typeof value === "string")
  .meta({ type: "string" });

/** An event as it leaves the process (contract.md §5). */
export const EventEnvelopeSchema = z.object({
  event_id: z.string(),
  event_version: z.literal("1.0"),
  event_type: EventTypeOut,
  occurred_at: TimeOut,
  tenant_id: z.string(),
  run_id: z.string(),
  trace_id: z.string(),
  sequence: z.int(),
  actor: z.string().exactOptional(),
  payload: AnyJsonObject,
}) satisfies z.ZodType<EventEnvelope>;
