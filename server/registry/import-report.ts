import type { Diagnostic } from "../../core/registry-diagnostic.ts";

/** What POST /registry/import answers (`api.md`). `imported` counts what was written, or would be by a dry run. */
export type ImportReport = {
  imported: {
    capabilities: number;
    skills: number;
    bindings: number;
    services: number;
    /** Capabilities for which another binding is chosen from now on. */
    defaults: number;
  };
  diagnostics: Diagnostic[];
};
