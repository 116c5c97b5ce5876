import { z } from "zod";
import { RestError } from "../api/error-view.ts";
import type { ChosenFile } from "./chosen-files.ts";

const DiagnosticSchema = z.object({
  severity: z.enum(["error", "warning", "info"]),
  code: z.string(),
  path: z.string(),
  line: z.int(),
  column: z.int(),
  message: z.string(),
  hint: z.string().nullable(),
});
const ReportSchema = z.object({
  imported: z.object({
    capabilities: z.int(),
    skills: z.int(),
    bindings: z.int(),
    services: z.int(),
    defaults: z.int(),
  }),
  diagnostics: z.array(DiagnosticSchema),
});
export type Diagnostic = z.infer<typeof DiagnosticSchema>;
export type ImportReport = z.infer<typeof ReportSchema>;

/** Uploads documents and archives as they are; a dry run only says what would happen. Throws `RestError`. */
export async function sendImport(
  files: readonly ChosenFile[],
  isDryRun: boolean,
): Promise<ImportReport> {
  const form = new FormData();
  for (const { path, file } of files) form.append("documents", file, path);
  const response = await fetch(`/api/v1/registry/import?dry_run=${isDryRun}`, {
    method: "POST",
    body: form,
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new RestError(response.status, body);
  return ReportSchema.parse(body);
}
