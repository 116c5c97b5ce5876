import { DomainError } from "../../core/errors.ts";
import type { RunSummary } from "../../core/run-view.ts";

/** Throws `invalid_request` for a run that came in by a replay pack: it can be read, not driven. */
export function assertNoRecord({ run_id: runId, attributes }: RunSummary): void {
  if (!Object.hasOwn(attributes, "imported_pack")) return;
  throw new DomainError("invalid_request", `Run ${runId} was imported and is a record only.`, {
    hint: "Go on where it ran, or start a new run of its skill.",
    details: { run_id: runId },
  });
}
