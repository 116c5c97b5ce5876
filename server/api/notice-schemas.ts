import { z } from "zod";
import { DELIVERY_STATUSES, NOTICE_CHANNEL_KINDS, NOTICE_TYPES } from "../../core/notice.ts";
import { PageSchema } from "./list-schemas.ts";
import { TimeOut } from "./json-schemas.ts";

const NameSchema = z.string().trim().min(1).max(100);
const EnvironmentSchema = z
  .string()
  .min(1)
  .max(100)
  .exactOptional()
  .describe("Only of this environment; absent: of all");
const TypesSchema = z
  .array(z.enum(NOTICE_TYPES))
  .min(1)
  .max(NOTICE_TYPES.length)
  .default([...NOTICE_TYPES]);

export const AddWebhookSchema = z.strictObject({
  name: NameSchema,
  url: z.string().min(1).max(2_000).describe("http or https, without credentials"),
  secret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,128}={0,2}$/, "whsec_ and 24 to 96 bytes as base64")
    .exactOptional()
    .describe("What requests are signed with; absent: one is made"),
  environment: EnvironmentSchema,
  types: TypesSchema,
});

export const AddEmailSchema = z.strictObject({
  name: NameSchema,
  recipients: z.array(z.email().max(254)).min(1).max(50),
  environment: EnvironmentSchema,
  types: TypesSchema,
});

export const OneChannelSchema = z.strictObject({ channel_id: z.string().min(1).max(100) });
export const SwitchChannelSchema = OneChannelSchema.extend({ is_enabled: z.boolean() });

export const NoticeChannelSchema = z.object({
  channel_id: z.string(),
  name: z.string(),
  kind: z.enum(NOTICE_CHANNEL_KINDS),
  environment: z.string().nullable(),
  url: z.string().nullable(),
  recipients: z.array(z.string()),
  types: z.array(z.enum(NOTICE_TYPES)),
  is_enabled: z.boolean(),
  created_by: z.string(),
  created_at: TimeOut,
});

export const AddedWebhookSchema = z.object({
  channel: NoticeChannelSchema,
  secret: z.string().describe("Shown this once"),
});
export const ChannelAnswerSchema = z.object({ channel: NoticeChannelSchema });
export const ChannelListSchema = z.object({
  items: z.array(NoticeChannelSchema),
  can_send_email: z.boolean().describe("A mail server is configured"),
});
export const ChannelTestSchema = z.object({
  is_delivered: z.boolean(),
  last_status: z
    .int()
    .nullable()
    .describe("HTTP status of the answer; null for e-mail, or where there was none"),
  problem: z.string().nullable().describe("Why it was not delivered"),
  took_ms: z.int(),
});

export const DeliveriesFilterSchema = PageSchema.extend({
  status: z.enum(DELIVERY_STATUSES).optional(),
});
export const OneDeliverySchema = z.strictObject({ delivery_id: z.string().min(1).max(100) });

export const NoticeDeliverySchema = z.object({
  delivery_id: z.string().describe("Sent as webhook-id"),
  channel_id: z.string(),
  type: z.enum(NOTICE_TYPES),
  approval_id: z.string(),
  reason: z.string().nullable().describe("What is asked, as the notice says it"),
  skill_id: z.string().nullable(),
  environment: z.string(),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.int(),
  next_attempt_at: TimeOut.nullable(),
  last_status: z.int().nullable().describe("HTTP status of the last attempt"),
  last_error: z.string().nullable(),
  created_at: TimeOut,
  delivered_at: TimeOut.nullable(),
});
export const RedeliverDeadSchema = z.strictObject({
  channel_id: z.string().min(1).max(100).exactOptional().describe("Only those of this channel"),
});
export const RedeliveredSchema = z.object({ count: z.int() });
export const DeliveryAnswerSchema = z.object({ delivery: NoticeDeliverySchema });
