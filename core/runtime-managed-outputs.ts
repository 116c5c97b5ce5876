/** Outputs that the engine fills where a binding leaves them out (`contract.md` §2). */
export const RUNTIME_MANAGED_OUTPUTS = ["status", "rationale", "trace_ref"] as const;
