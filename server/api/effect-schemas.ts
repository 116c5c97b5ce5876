import { z } from "zod";
import {
  EFFECT_STATUSES,
  type EffectDetail,
  type EffectNews,
  type EffectView,
} from "../../core/effect-view.ts";
import { RUN_STATUSES } from "../../core/run.ts";
import { AnyJson, AnyJsonObject, CommentSchema, ErrorCodeOut, TimeOut } from "./json-schemas.ts";
import { listOf, PageSchema } from "./list-schemas.ts";

const EffectIdSchema = z
  .string()
  .regex(/^eff_[0-9a-z]{1,64}_[0-9]{1,10}$/, "expected an effect id such as eff_0199f3c2_12")
  .describe("The effect's id");

export const OneEffectSchema = z.object({ effect_id: EffectIdSchema });

/** A record of the ledger (core/effect-view.ts). */
export const EffectViewSchema = z.object({
  effect_id: z.string(),
  tenant_id: z.string(),
  run_id: z.string(),
  step_path: z.string(),
  occurrence: z.string(),
  capability_id: z.string(),
  binding_id: z.string(),
  binding_revision: z.int(),
  effect_class: z.string(),
  idempotency_key: z.string(),
  request_hash: z.string(),
  response_hash: z.string().nullable(),
  status: z.enum(EFFECT_STATUSES),
  replay_policy: z.string(),
  provider_receipt: z.string().nullable(),
  approval_id: z.string().nullable(),
  compensates_effect_id: z.string().nullable(),
  attempts: z.int(),
  created_at: TimeOut,
  updated_at: TimeOut,
}) satisfies z.ZodType<EffectView>;

export const EffectListSchema = listOf(EffectViewSchema).extend({
  as_of: TimeOut.describe("Effects up to this time are found"),
});

/** What a person may say of an effect in doubt. */
const OUTCOMES = ["happened", "not_happened", "stop"] as const;

const EffectNewsSchema = z.object({
  sequence: z.int(),
  event_type: z.string(),
  occurred_at: TimeOut,
  error: z.object({ code: ErrorCodeOut, message: z.string() }).nullable(),
  resolution: z
    .object({
      outcome: z.enum(OUTCOMES),
      by: z.enum(["person", "status_probe"]),
      actor: z.string().nullable(),
      comment: z.string().nullable(),
    })
    .nullable(),
}) satisfies z.ZodType<EffectNews>;

export const EffectDetailSchema = z.object({
  effect: EffectViewSchema,
  step_id: z.string(),
  service_id: z.string().nullable(),
  compensated_by_effect_id: z.string().nullable(),
  request: AnyJson,
  result: AnyJson,
  redacted_values: z.int(),
  history: z.array(EffectNewsSchema),
  run: z.object({
    run_id: z.string(),
    skill_id: z.string(),
    skill_version: z.string(),
    environment: z.string(),
    status: z.enum(RUN_STATUSES),
    parent_run_id: z.string().nullable(),
    source_run_id: z.string().nullable(),
    lineage_root_run_id: z.string(),
  }),
}) satisfies z.ZodType<EffectDetail>;

export const ResolveEffectSchema = z.strictObject({
  ...OneEffectSchema.shape,
  outcome: z
    .enum(OUTCOMES)
    .describe("It happened, it did not (the call is made), or its waiting step is to fail"),
  result: AnyJsonObject.exactOptional().describe(
    "With happened: the outputs that the call brought, by the capability's contract",
  ),
  comment: CommentSchema.exactOptional().describe("Needed to stop"),
});

const Id = z.string().min(1).max(300);

export const EffectsFilterSchema = PageSchema.extend({
  status: z.array(z.enum(EFFECT_STATUSES)).max(EFFECT_STATUSES.length).optional(),
  capability: Id.optional(),
  binding: Id.optional(),
  run: z.string().max(100).optional(),
  target: Id.optional().describe("The id of a capability, a binding or a service"),
  receipt: z.string().min(1).max(500).optional().describe("The provider's receipt"),
  request: z
    .record(z.string().max(300), z.string().max(500))
    .optional()
    .describe("Values of request fields by dotted path"),
  q: z.string().max(200).optional().describe("An id of an effect or run, or whole words"),
  after: z.iso.datetime({ offset: true }).optional(),
  before: z.iso.datetime({ offset: true }).optional(),
});
