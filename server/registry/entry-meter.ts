import { DomainError } from "../../core/errors.ts";
import { REGISTRY_LIMITS } from "./registry-limits.ts";

/** Counts what an archive or directory brings and refuses with `payload_too_large` as soon as it is too much. */
export function createEntryMeter(): { count: (bytes: number) => void } {
  let files = 0;
  let total = 0;
  return {
    count(bytes) {
      files += 1;
      total += bytes;
      if (files > REGISTRY_LIMITS.archiveFiles)
        throw tooLarge(`more than ${REGISTRY_LIMITS.archiveFiles} files`);
      if (total > REGISTRY_LIMITS.archiveBytes) throw tooLarge("more than 64 MiB");
    },
  };
}

/** The refusal of an import that brings too much. */
export function tooLarge(what: string): DomainError {
  return new DomainError("payload_too_large", `The import holds ${what}.`, {
    hint: "Import a part of it at a time, and leave out what is not a registry document.",
  });
}
