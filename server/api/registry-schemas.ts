import { z } from "zod";
import { PROTOCOLS } from "../../core/binding.ts";
import { EFFECT_CLASSES } from "../../core/capability.ts";
import type { Field } from "../../core/field.ts";
import { AnyJsonObject, TimeOut } from "./json-schemas.ts";
import { PageSchema } from "./list-schemas.ts";

const RegistryIdSchema = z
  .string()
  .min(1)
  .max(300)
  .describe("The id, such as text.content.summarize");

export const RegistryFilterSchema = PageSchema.extend({
  q: z.string().max(200).optional().describe("Words that the id or description contains"),
});
export const VersionedIdSchema = z.object({
  id: RegistryIdSchema,
  version: z.string().min(1).max(100).optional().describe("Absent: the newest one"),
});
export const RevisedIdSchema = z.object({
  id: RegistryIdSchema,
  revision: z.int().min(1).optional().describe("Absent: the newest one"),
});
export const RegistryOneSchema = z.object({ id: RegistryIdSchema });

export const VersionItemSchema = z.object({
  version: z.string(),
  content_hash: z.string(),
  deprecated: z.boolean(),
  imported_at: TimeOut,
});
export const RevisionItemSchema = z.object({
  revision: z.int(),
  content_hash: z.string(),
  imported_at: TimeOut,
});

export const DiagnosticSchema = z.object({
  severity: z.enum(["error", "warning", "info"]),
  code: z.string(),
  path: z.string(),
  line: z.int(),
  column: z.int(),
  message: z.string(),
  hint: z.string().nullable(),
});

const Document = { document: AnyJsonObject, source: z.string() };
const FieldOut = z
  .custom<Field>((value) => typeof value === "object" && value !== null)
  .meta({ type: "object", additionalProperties: true });
const FieldsOut = z.record(z.string(), FieldOut);

export const CapabilityItemSchema = z.object({
  id: z.string(),
  version: z.string(),
  description: z.string(),
  effect_class: z.enum(EFFECT_CLASSES),
  deprecated: z.boolean(),
  binding_count: z.int(),
  imported_at: TimeOut,
});
export const CapabilityDetailSchema = CapabilityItemSchema.extend({
  ...Document,
  content_hash: z.string(),
  default_binding_id: z.string().nullable(),
});

export const SkillItemSchema = z.object({
  id: z.string(),
  version: z.string(),
  name: z.string(),
  description: z.string(),
  channel: z.string().nullable(),
  step_count: z.int(),
  deprecated: z.boolean(),
  imported_at: TimeOut,
});
export const SkillDetailSchema = SkillItemSchema.extend({
  ...Document,
  content_hash: z.string(),
  inputs: FieldsOut,
  outputs: FieldsOut,
  diagnostics: z.array(DiagnosticSchema),
  examples: z.array(z.object({ description: z.string(), input: AnyJsonObject })),
});

export const BindingItemSchema = z.object({
  id: z.string(),
  revision: z.int(),
  capability_id: z.string(),
  service_id: z.string(),
  protocol: z.enum(PROTOCOLS),
  operation: z.string(),
  status: z.string(),
  is_default: z.boolean(),
});
export const BindingDetailSchema = BindingItemSchema.extend(Document);

export const ServiceItemSchema = z.object({
  id: z.string(),
  revision: z.int(),
  kind: z.enum(PROTOCOLS),
  target: z.string().describe("Where it points: a module, an address or a server"),
  binding_count: z.int(),
});
export const ServiceDetailSchema = ServiceItemSchema.extend({
  ...Document,
  breaker: z.enum(["closed", "open", "half_open"]),
});

export const ImportSchema = z.strictObject({
  documents: z
    .array(z.strictObject({ path: z.string().min(1).max(1000), content: z.string() }))
    .max(20_000),
  dry_run: z.boolean().default(false).describe("Only say what would happen"),
});
export const AddDocumentSchema = z.strictObject({
  document: z
    .looseObject({
      id: z
        .string()
        .regex(/^\w[\w.-]{0,199}$/, "An id has letters, digits, dots, hyphens and underscores."),
    })
    .describe("The document as JSON, with the fields that its YAML file would have"),
  dry_run: z.boolean().default(false).describe("Only say what would happen"),
});
export const ImportReportSchema = z.object({
  imported: z.object({
    capabilities: z.int(),
    skills: z.int(),
    bindings: z.int(),
    services: z.int(),
    defaults: z.int().describe("Capabilities for which another binding is chosen from now on"),
  }),
  diagnostics: z.array(DiagnosticSchema),
});

/** A skill as the engine compiled it: what may run side by side, and the longest chain. */
export const SkillPlanSchema = z.object({
  skill_id: z.string(),
  skill_version: z.string(),
  content_hash: z.string(),
  step_count: z.int(),
  levels: z.array(z.array(z.string())).describe("Steps that may run side by side, level by level"),
  critical_path: z
    .array(z.string())
    .describe("The longest chain of steps that wait for each other"),
  diagnostics: z.array(DiagnosticSchema),
});
