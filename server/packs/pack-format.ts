import { z } from "zod";
import { JsonObjectSchema } from "../../core/field.ts";
import { SKILL_CHANNELS } from "../../core/registry-document-kind.ts";
import { fromStored, type StoredEvent } from "../../core/run-events.ts";
import { RUN_STATUSES } from "../../core/run.ts";
import { EffectOfRunSchema } from "../database/pack-repository.ts";

export const PACK_FORMAT = "orca-replay-pack";
/** Another major version is refused by name. */
export const PACK_VERSION = "1.0";

/** Larger packs are neither made nor read: the file, and what unpacking it may come to. */
export const MAX_PACK_BYTES = 32 * 1024 * 1024;
export const MAX_CONTENT_BYTES = 128 * 1024 * 1024;

/** In the order in which they stand in the file. */
export const PACK_PARTS = [
  "run",
  "skill",
  "capabilities",
  "bindings",
  "services",
  "effects",
  "events",
  "chain",
  "redactions",
] as const;
export type PackPartName = (typeof PACK_PARTS)[number];

const HashSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const TimeSchema = z.iso.datetime();

/** The first line: what the file is, and the hashes of all that follows, compressed and not. */
export const PackHeaderSchema = z.strictObject({
  format: z.literal(PACK_FORMAT),
  version: z.string(),
  content_hash: HashSchema,
  body_hash: HashSchema,
});

const RedriveSchema = z.strictObject({
  /** Of the history as it was recorded. */
  events: z.int(),
  identical: z.int(),
  /** Events that agree in the recorded history and not in the redacted one: what they rest on was redacted. */
  incomparable: z.array(z.int()),
});

/** The second line: the parts with their sizes and hashes. */
export const PackManifestSchema = z.strictObject({
  run_id: z.string(),
  skill_id: z.string(),
  skill_version: z.string(),
  status: z.enum(RUN_STATUSES),
  exported_at: TimeSchema,
  exported_by: z.string(),
  parts: z.array(
    z.strictObject({
      name: z.enum(PACK_PARTS),
      lines: z.int(),
      bytes: z.int(),
      hash: HashSchema,
    }),
  ),
  redacted_values: z.int(),
  redrive: RedriveSchema,
});
export type PackManifest = z.infer<typeof PackManifestSchema>;

const RunPartSchema = z.strictObject({
  run_id: z.string().regex(/^run_[0-9a-z]{1,64}$/),
  skill_id: z.string(),
  skill_version: z.string(),
  skill_hash: z.string(),
  environment: z.string(),
  status: z.enum(RUN_STATUSES),
  head_sequence: z.int(),
  head_hash: z.string(),
  trace_id: z.string(),
  parent_run_id: z.string().nullable(),
  lineage_root_run_id: z.string(),
  source_run_id: z.string().nullable(),
  /** Runs that this one started: each has a pack of its own. */
  child_run_ids: z.array(z.string()),
  created_at: TimeSchema,
  started_at: TimeSchema.nullable(),
  finished_at: TimeSchema.nullable(),
});

const DefinitionSchema = z.strictObject({
  id: z.string(),
  content_hash: z.string(),
  document: JsonObjectSchema,
  /** The document is not what its hash is of. */
  is_redacted: z.boolean(),
});
const SkillPartSchema = DefinitionSchema.extend({
  version: z.string(),
  channel: z.enum(SKILL_CHANNELS),
  /** The file as it came. */
  source: z.string(),
});
const CapabilityPartSchema = DefinitionSchema.extend({ version: z.string() });
const RevisionPartSchema = DefinitionSchema.extend({
  revision: z.int(),
  /** The ledger names the revision of calls that act; of other calls it is the latest at the time of the export. */
  revision_from: z.enum(["ledger", "registry"]),
});

/** An event as segments store it (`storedText`); its place is its line. */
const EventPartSchema = z
  .tuple([z.string(), z.number().min(0).max(8.64e15), JsonObjectSchema, z.string().optional()])
  .transform((line, context): StoredEvent => {
    const event = fromStored(line);
    if (event !== null) return event;
    context.addIssue("no event");
    return z.NEVER;
  });

const ChainPartSchema = z.strictObject({
  /** Chained over the hashes of the events' recorded texts, the first one onto the run's id. */
  events_hash: HashSchema,
  /** Of events whose text here is not the recorded one: the hash of that, by sequence. */
  recorded_hashes: z.record(z.string(), HashSchema),
});

const RedactionPartSchema = z.strictObject({
  part: z.string(),
  path: z.string(),
  reason: z.enum(["known_secret", "secret_name", "credential"]),
  count: z.int(),
});

/** What each part's lines are. */
export const PACK_SCHEMAS = {
  run: RunPartSchema,
  skill: SkillPartSchema,
  capabilities: CapabilityPartSchema,
  bindings: RevisionPartSchema,
  services: RevisionPartSchema,
  effects: EffectOfRunSchema,
  events: EventPartSchema,
  chain: ChainPartSchema,
  redactions: RedactionPartSchema,
} as const satisfies Record<PackPartName, z.ZodType>;

export type RunPart = z.infer<typeof RunPartSchema>;
export type SkillPart = z.infer<typeof SkillPartSchema>;
export type CapabilityPart = z.infer<typeof CapabilityPartSchema>;
export type RevisionPart = z.infer<typeof RevisionPartSchema>;
export type EffectPart = z.infer<typeof EffectOfRunSchema>;
