import { z } from "zod";
import { RunIdSchema, RunSummarySchema } from "./run-schemas.ts";

export const OnePackSchema = z.object({ run_id: RunIdSchema });

/** What REST sends as the file; other callers learn its name and size. */
export const ExportedPackSchema = z.object({ file_name: z.string(), bytes: z.int() });

/** REST takes the file as the body. */
export const PackUploadSchema = z.strictObject({ file: z.instanceof(Uint8Array) });

/** What became of an imported pack. */
export const ImportedPackSchema = z.object({
  run: RunSummarySchema,
  skill: z.object({
    id: z.string(),
    version: z.string(),
    is_new: z.boolean().describe("The version was not in the registry before"),
  }),
  redacted_values: z.int(),
});
