import { z } from "zod";
import type { ApprovalDetail, ApprovalSummary } from "../../core/approval-view.ts";
import { DELIVERY_STATUSES } from "../../core/notice.ts";
import { isJsonObject } from "../../core/json.ts";
import { DiagnosticSchema } from "../../core/registry-diagnostic.ts";
import { FieldsSchema, JsonObjectSchema } from "../../core/field.ts";
import type { EffectDetail, EffectView } from "../../core/effect-view.ts";
import type { EventEnvelope } from "../../core/run-events.ts";
import type { RunDiff, StepDiff } from "../../core/run-diff-view.ts";
import type {
  CheckpointChangesView,
  CheckpointStateView,
  CheckpointView,
  CompensationView,
  ReplayPlanView,
  RunDetail,
  RunSummary,
  SkillGraph,
  StepView,
} from "../../core/run-view.ts";

/**
 * What this program reads out of answers. Shapes that core names are looked at only where a wrong server would
 * show; everything that came is kept, so that --json prints it whole.
 */
const shaped = <T>(...keys: (keyof T & string)[]) =>
  z.custom<T>(
    (value) => isJsonObject(value) && keys.every((key) => Object.hasOwn(value, key)),
    `expected ${keys.join(", ")}`,
  );
const pageOf = <T>(item: z.ZodType<T>) =>
  z.looseObject({ items: z.array(item), next_cursor: z.string().nullable() });

export const RunSummaryAnswer = shaped<RunSummary>("run_id", "skill_id", "status", "created_at");
export const RunDetailAnswer = shaped<RunDetail>("run_id", "status", "inputs", "outputs");
export const StepAnswer = shaped<StepView>("step_id", "status", "attempts");
export const EventAnswer = shaped<EventEnvelope>(
  "event_type",
  "occurred_at",
  "sequence",
  "payload",
);
export const GraphAnswer = shaped<SkillGraph>("skill_id", "steps");

export const RunDiffAnswer = shaped<RunDiff>("a", "b", "entries", "first_divergence", "totals");
export const StepDiffAnswer = shaped<StepDiff>("step_id", "differences", "changes");

export const ReplayPlanAnswer = shaped<ReplayPlanView>(
  "rows",
  "totals",
  "compatibility",
  "plan_hash",
);

export const CompensationAnswer = shaped<CompensationView>("strategy", "undo", "left");
export const RunAnswer = z.looseObject({ run: RunSummaryAnswer });
export const RunPageAnswer = pageOf(RunSummaryAnswer);
export const EventPageAnswer = pageOf(EventAnswer);
export const StepListAnswer = z.looseObject({ items: z.array(StepAnswer) });

const CheckpointAnswer = shaped<CheckpointView>("checkpoint_id", "kind", "created_at", "pinned");
export const CheckpointPageAnswer = pageOf(CheckpointAnswer);
export const StateAnswer = shaped<CheckpointStateView>("checkpoint", "state");
export const ChangesAnswer = shaped<CheckpointChangesView>("added", "changed", "removed", "items");

const ApprovalSummaryAnswer = shaped<ApprovalSummary>("approval_id", "status", "payload_hash");
export const ApprovalPageAnswer = pageOf(ApprovalSummaryAnswer);
export const ApprovalAnswer = z.looseObject({ approval: ApprovalSummaryAnswer });
export const ApprovalDetailAnswer = shaped<ApprovalDetail>("approval_id", "status", "payload");

const GroupShape = z.looseObject({
  name: z.string(),
  members: z.array(z.looseObject({ user_id: z.string(), email: z.string() })),
});
export type GroupView = z.output<typeof GroupShape>;
export const GroupAnswer = z.looseObject({ group: GroupShape });
export const GroupListAnswer = z.looseObject({ items: z.array(GroupShape) });

const ChannelShape = z.looseObject({
  channel_id: z.string(),
  name: z.string(),
  is_enabled: z.boolean(),
  environment: z.string().nullable(),
  url: z.string().nullable(),
  recipients: z.array(z.string()),
});
export type NoticeChannelView = z.output<typeof ChannelShape>;
export const NoticeChannelAnswer = z.looseObject({ channel: ChannelShape });
export const NoticeChannelListAnswer = z.looseObject({ items: z.array(ChannelShape) });
export const AddedWebhookAnswer = NoticeChannelAnswer.extend({ secret: z.string() });
export const ChannelTestAnswer = z.looseObject({
  is_delivered: z.boolean(),
  last_status: z.int().nullable(),
  problem: z.string().nullable(),
  took_ms: z.int(),
});
export const RedeliveredAnswer = z.looseObject({ count: z.int() });
const DeliveryShape = z.looseObject({
  delivery_id: z.string(),
  status: z.enum(DELIVERY_STATUSES),
  type: z.string(),
  attempts: z.int(),
  approval_id: z.string(),
  last_error: z.string().nullable(),
});
export type NoticeDeliveryView = z.output<typeof DeliveryShape>;
export const DeliveryAnswer = z.looseObject({ delivery: DeliveryShape });
export const DeliveryPageAnswer = pageOf(DeliveryShape);

const EffectAnswer = shaped<EffectView>("effect_id", "status", "capability_id");
export const EffectPageAnswer = pageOf(EffectAnswer);
export const EffectListAnswer = z.looseObject({ items: z.array(EffectAnswer) });
export const EffectDetailAnswer = shaped<EffectDetail>("effect", "request", "result", "history");

const SkillItemAnswer = z.looseObject({
  id: z.string(),
  version: z.string(),
  name: z.string(),
  description: z.string(),
  step_count: z.int(),
});
export const SkillPageAnswer = pageOf(SkillItemAnswer);
export const SkillDetailAnswer = SkillItemAnswer.extend({
  inputs: FieldsSchema,
  outputs: FieldsSchema,
  examples: z.array(z.looseObject({ description: z.string(), input: JsonObjectSchema })),
});
export type SkillDetail = z.output<typeof SkillDetailAnswer>;

export const ImportAnswer = z.looseObject({
  imported: z.record(z.string(), z.int()),
  diagnostics: z.array(DiagnosticSchema.extend({ hint: z.string().nullable() })),
});
export type ImportReport = z.output<typeof ImportAnswer>;

export const ImportedPackAnswer = z.looseObject({
  run: RunSummaryAnswer,
  skill: z.looseObject({ id: z.string(), version: z.string(), is_new: z.boolean() }),
});

export const MeAnswer = z.looseObject({
  user: z.looseObject({ name: z.string() }),
  tenant: z.looseObject({ name: z.string() }),
});
export const StatsAnswer = z.looseObject({
  runs: z.looseObject({ by_status: z.record(z.string(), z.int()) }),
});
export const WorkerListAnswer = z.looseObject({
  items: z.array(
    z.looseObject({
      worker_id: z.string(),
      host: z.string(),
      pid: z.int(),
      version: z.string(),
      started_at: z.string(),
      active_runs: z.int(),
      capacity: z.int(),
      is_alive: z.boolean(),
    }),
  ),
});
