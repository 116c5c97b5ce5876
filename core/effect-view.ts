import type { ErrorCode } from "./errors.ts";
import type { Json } from "./json.ts";
import type { RunSummary } from "./run-view.ts";

/** What may have become of an outside action (`contract.md` §7). */
export const EFFECT_STATUSES = [
  "attempted",
  "recorded",
  "failed",
  "in_doubt",
  "reused",
  "blocked",
  "compensated",
] as const;
export type EffectStatus = (typeof EFFECT_STATUSES)[number];

/** A record of the side-effect ledger (`contract.md` §7). Times are RFC 3339 UTC. */
export type EffectView = {
  effect_id: string;
  tenant_id: string;
  run_id: string;
  step_path: string;
  /** Empty outside of loops and scatters. */
  occurrence: string;
  capability_id: string;
  binding_id: string;
  binding_revision: number;
  effect_class: string;
  idempotency_key: string;
  request_hash: string;
  response_hash: string | null;
  status: EffectStatus;
  replay_policy: string;
  provider_receipt: string | null;
  approval_id: string | null;
  compensates_effect_id: string | null;
  attempts: number;
  created_at: string;
  updated_at: string;
};

/** One thing that the run's history says of an effect. */
export type EffectNews = {
  sequence: number;
  event_type: string;
  occurred_at: string;
  error: { code: ErrorCode; message: string } | null;
  /** Of `side_effect.resolved`: what became of it, and who or what told; null for other news. */
  resolution: EffectResolution | null;
};

/** What was found out about an effect in doubt. `actor` and `comment` are a person's. */
export type EffectResolution = {
  outcome: "happened" | "not_happened" | "stop";
  by: "person" | "status_probe";
  actor: string | null;
  comment: string | null;
};

/** A record with what was asked and answered, as the run's events tell it, without secrets. */
export type EffectDetail = {
  effect: EffectView;
  /** Where it hangs in the run: the step's id, and the key of its occurrence. */
  step_id: string;
  service_id: string | null;
  /** The step's input at the last attempt; null where the history holds none. */
  request: Json;
  /** The recorded result; null where there is none. */
  result: Json;
  /** How many values were taken out of request and result. */
  redacted_values: number;
  history: EffectNews[];
  run: Pick<
    RunSummary,
    | "run_id"
    | "skill_id"
    | "skill_version"
    | "environment"
    | "status"
    | "parent_run_id"
    | "source_run_id"
    | "lineage_root_run_id"
  >;
};
