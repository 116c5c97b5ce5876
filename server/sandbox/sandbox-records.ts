import { z } from "zod";
import { JsonObjectSchema } from "../../core/field.ts";

/** A message that was caught. */
export const MailSchema = z.object({
  id: z.string(),
  message_id: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  idempotency_key: z.string().nullable(),
  run_id: z.string().nullable(),
  received_at: z.string(),
});
export type Mail = z.infer<typeof MailSchema>;

/** A ticket. */
export const TicketSchema = z.object({
  id: z.string(),
  title: z.string(),
  body: z.string(),
  priority: z.string(),
  labels: z.array(z.string()),
  state: z.enum(["open", "closed"]),
  resolution: z.string().nullable(),
  created_at: z.string(),
  closed_at: z.string().nullable(),
});
export type Ticket = z.infer<typeof TicketSchema>;

/** A payment; no money moved. */
export const PaymentSchema = z.object({
  id: z.string(),
  customer: z.string(),
  amount_cents: z.int(),
  currency: z.string(),
  reference: z.string(),
  state: z.enum(["charged", "refunded"]),
  reason: z.string().nullable(),
  created_at: z.string(),
  refunded_at: z.string().nullable(),
});
export type Payment = z.infer<typeof PaymentSchema>;

/** What was done once for an idempotency key, and the answer that every repetition gets. */
export const EffectSchema = z.object({
  key: z.string(),
  operation: z.string(),
  request_hash: z.string(),
  http_status: z.int(),
  answer: JsonObjectSchema,
  recorded_at: z.string(),
});
export type Effect = z.infer<typeof EffectSchema>;

/** One line of the data file: everything that one call changed, so that a line is either whole or absent. */
export const EntrySchema = z.object({
  call: z.object({ key: z.string(), operation: z.string() }).optional(),
  mail: MailSchema.optional(),
  ticket: TicketSchema.optional(),
  payment: PaymentSchema.optional(),
  effect: EffectSchema.optional(),
});
export type Entry = z.infer<typeof EntrySchema>;
