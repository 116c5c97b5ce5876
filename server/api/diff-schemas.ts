import { z } from "zod";
import type { JsonChange } from "../../core/json-changes.ts";
import {
  RUN_DIFFERENCES,
  STEP_DIFFERENCES,
  type DiffRows,
  type RunDiff,
  type StepDiff,
} from "../../core/run-diff-view.ts";
import { STEP_STATUSES } from "../../core/step.ts";
import { AnyJson, ErrorRecordSchema } from "./json-schemas.ts";
import { PageSchema } from "./list-schemas.ts";
import { RunIdSchema, RunSummarySchema } from "./run-schemas.ts";

const StepName = z.string().min(1).max(300);
const ENTRIES = 200;

export const DiffQuerySchema = z
  .object({
    run_id: RunIdSchema,
    with: RunIdSchema.describe("The other run's id"),
    step: StepName.optional().describe("Only this step's id, with its field differences"),
    occurrence: StepName.optional().describe("The loop's key of the step: a position or alias"),
    from: z.int().min(0).optional().describe("Only rows, equal ones too, from this position on"),
    near: z
      .string()
      .min(1)
      .max(601)
      .optional()
      .describe("Only rows, equal ones too: the page with this step or step#occurrence"),
    ...PageSchema.extend({ limit: PageSchema.shape.limit.unwrap().default(ENTRIES) }).shape,
  })
  .refine(({ step, from, near }) => [step, from, near].filter(isGiven).length <= 1, {
    path: ["step"],
    message: "one of step, from and near",
  })
  .refine(({ step, occurrence }) => occurrence === undefined || step !== undefined, {
    path: ["step"],
    message: "missing, an occurrence is one of a step",
  });

function isGiven(value: string | number | undefined): boolean {
  return value !== undefined;
}

const DigestSchema = z.object({ hash: z.string(), bytes: z.int() });

const SideSchema = z.object({
  status: z.enum(STEP_STATUSES),
  uses: z.string().nullable(),
  binding: z.object({ binding_id: z.string(), service_id: z.string() }).nullable(),
  attempts: z.int(),
  duration_ms: z.number().nullable(),
  input: DigestSchema.nullable(),
  output: DigestSchema.nullable(),
  error: ErrorRecordSchema.pick({ code: true, message: true }).nullable(),
  child_run_id: z.string().nullable(),
  effects: z.int(),
});

const PlaceSchema = z.object({ step_id: z.string(), occurrence: z.string().nullable() });

const ComparedSchema = PlaceSchema.extend({
  differences: z.array(z.enum(STEP_DIFFERENCES)).describe("Empty where both are equal"),
  a: SideSchema.nullable(),
  b: SideSchema.nullable(),
});

const RowSchema = ComparedSchema.extend({ is_consequence: z.boolean() });

const RunSideSchema = RunSummarySchema.extend({
  duration_ms: z.number().nullable(),
  inputs: DigestSchema,
  outputs: DigestSchema.nullable(),
});

const RunDiffSchema = z.object({
  kind: z.literal("run"),
  a: RunSideSchema,
  b: RunSideSchema,
  differences: z.array(z.enum(RUN_DIFFERENCES)).describe("How the runs differ as wholes"),
  entries: z.array(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("step"), row: RowSchema }),
      z.object({
        kind: z.literal("equal"),
        from: z.int().describe("The position of the first of them among all rows"),
        count: z.int(),
      }),
    ]),
  ),
  next_cursor: z.string().nullable(),
  first_divergence: PlaceSchema.nullable(),
  consequences: z.int().describe("Steps that differ downstream of the first divergence"),
  totals: z.object({
    equal: z.int(),
    differing: z.int(),
    only_a: z.int(),
    only_b: z.int(),
    effects: z.object({ a: z.int(), b: z.int() }),
  }),
}) satisfies z.ZodType<RunDiff>;

const DiffRowsSchema = z.object({
  kind: z.literal("rows"),
  from: z.int().describe("The position of the first of them among all rows"),
  rows: z.array(RowSchema),
}) satisfies z.ZodType<DiffRows>;

const ChangeSchema = z.object({
  path: z.string().describe("Such as output.items[3].name"),
  kind: z.enum(["added", "changed", "removed"]),
  before: AnyJson.exactOptional(),
  after: AnyJson.exactOptional(),
}) satisfies z.ZodType<JsonChange>;

const StepDiffSchema = ComparedSchema.extend({
  kind: z.literal("step"),
  changes: z.array(ChangeSchema).describe("The first 1,000 changes"),
  change_count: z.int(),
}) satisfies z.ZodType<StepDiff>;

/** Two runs without payloads, some of their rows, or one step of theirs with what differs in its payloads. */
export const DiffSchema = z.discriminatedUnion("kind", [
  RunDiffSchema,
  DiffRowsSchema,
  StepDiffSchema,
]);
