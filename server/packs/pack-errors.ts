import { DomainError } from "../../core/errors.ts";

/** A part of a pack is not what was exported. `part` is a part's name, `header`, `manifest` or `envelope`. */
export function damagedPack(part: string, what: string): DomainError {
  return new DomainError(
    "invalid_request",
    `The replay pack was changed in its part "${part}": ${what}.`,
    {
      hint: "Export the run again, or copy the file again from where it was exported.",
      details: { part },
    },
  );
}

/** The file is something else. */
export function notAPack(what: string): DomainError {
  return new DomainError("invalid_request", `The file is not a replay pack: ${what}.`, {
    hint: "Replay packs are made with `orca pack <run>` or GET /api/v1/runs/{run_id}/pack.",
  });
}
