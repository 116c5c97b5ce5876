import { z } from "zod";
import { VersionSchema } from "./capability.ts";
import { FieldsSchema, JsonObjectSchema, JsonSchema } from "./field.ts";
import { PolicySourceSchema } from "./policy.ts";

export const RetrySchema = z.looseObject({
  max_attempts: z.int().min(1).default(3),
  backoff_seconds: z.number().min(0).default(1),
  backoff_multiplier: z.number().min(1).default(2),
  max_backoff_seconds: z.number().min(0).default(60),
  /** Share of the delay that is random: 0.2 means ±20 %. */
  jitter: z.number().min(0).max(1).default(0.2),
  retry_on: z.array(z.string()).optional(),
  give_up_on: z.array(z.string()).optional(),
});
export type RetryRule = z.infer<typeof RetrySchema>;

export const ForeachSchema = z.looseObject({
  items: z.string(),
  as: z.string().default("item"),
  index_as: z.string().default("index"),
  concurrency: z.int().min(1).default(1),
  max_items: z.int().min(1).default(10_000),
});

export const WhileSchema = z.looseObject({
  condition: z.string(),
  max_iterations: z.int().min(1).default(10),
});

export const RouterSchema = z.looseObject({
  on: z.string(),
  cases: z.record(z.string(), z.string()),
  default: z.string().optional(),
});

const ScatterTargetSchema = z.union([
  z.string(),
  z.looseObject({ as: z.string(), uses: z.string() }),
]);

export const ScatterSchema = z.looseObject({
  /** Capability ids, or `{as, uses}` pairs; the alias of a bare id is the id with its dots made underscores. */
  capabilities: z.array(ScatterTargetSchema).min(2),
  merge: z.enum(["collect", "concat_lists", "first_success"]).default("collect"),
});

export const MERGE_STRATEGIES = ["overwrite", "append", "deep_merge", "replace"] as const;
export type MergeStrategy = (typeof MERGE_STRATEGIES)[number];

export const JoinSchema = z.union([
  z.enum(["all", "any"]),
  z.strictObject({ n_of_m: z.int().min(1) }),
]);

export const StepConfigSchema = z.looseObject({
  depends_on: z.array(z.string()).optional(),
  join: JoinSchema.default("all"),
  condition: z.string().optional(),
  retry: RetrySchema.optional(),
  timeout_seconds: z.number().positive().optional(),
  heartbeat_seconds: z.number().positive().optional(),
  merge_strategy: z.enum(MERGE_STRATEGIES).default("overwrite"),
  foreach: ForeachSchema.optional(),
  while: WhileSchema.optional(),
  router: RouterSchema.optional(),
  scatter: ScatterSchema.optional(),
  /** `wait.signal` only: an expression over `signal` and the run that a signal's payload must satisfy. */
  match: z.string().optional(),
});

export const StepSchema = z.looseObject({
  id: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, "expected letters, digits, _ or -, starting with a letter"),
  uses: z.string().min(1),
  input: JsonObjectSchema.default({}),
  output: z.record(z.string(), z.string()).default({}),
  config: StepConfigSchema.prefault({}),
});
export type StepDocument = z.infer<typeof StepSchema>;

/** Steps of one skill (`contract.md` §12). */
export const MAX_STEPS = 10_000;

export const COMPENSATION_STRATEGIES = ["backward", "parallel", "forward"] as const;

/** How runs of a skill recover from a failure (`docs/decisions/0018-compensation.md`). */
export const CompensationSchema = z.looseObject({
  /** Undo one by one in reverse order, all at once, or keep trying to go on instead. */
  strategy: z.enum(COMPENSATION_STRATEGIES).default("backward"),
  /** Whether a run that fails or is denied does so by itself; a cancelation says it each time. */
  on_failure: z.boolean().default(false),
  /** The budget of each undoing; with `forward` what each step gets on top of its own. */
  retry: RetrySchema.prefault({ max_attempts: 5 }),
});
export type CompensationRule = z.infer<typeof CompensationSchema>;

export const SkillConfigSchema = z.looseObject({
  schedule: z.enum(["order", "data"]).default("order"),
  fail_fast: z.boolean().default(true),
  timeout_seconds: z.number().positive().optional(),
  compensation: CompensationSchema.prefault({}),
});

/** A skill file: a versioned DAG of steps (`contract.md` §3, `origins/orca.md` §2). */
export const SkillSchema = z.looseObject({
  id: z.string().regex(/^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+$/, "expected <domain>.<slug>"),
  version: VersionSchema,
  name: z.string().min(1),
  description: z.string().min(1),
  inputs: FieldsSchema.default({}),
  outputs: FieldsSchema.default({}),
  steps: z.array(StepSchema).min(1).max(MAX_STEPS, `at most ${MAX_STEPS} steps`),
  config: SkillConfigSchema.prefault({}),
  /** What runs of the skill restrict beyond their environment. */
  policy: PolicySourceSchema.optional(),
  metadata: z.looseObject({}).default({}),
  triggers: z.array(JsonSchema).optional(),
});
export type Skill = z.infer<typeof SkillSchema>;

/** The skill id in `uses: skill:<id>` (an optional `@<version>` pins it), or null for a capability or wait. */
export function parseSkillUse(uses: string): { skillId: string; version: string | null } | null {
  if (!uses.startsWith("skill:")) return null;
  const [skillId = "", version] = uses.slice("skill:".length).split("@");
  return { skillId, version: version ?? null };
}
