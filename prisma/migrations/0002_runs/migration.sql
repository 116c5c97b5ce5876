-- Keys begin with the run, which alone decides nearly every comparison, and by which no other index can be mistaken for
-- the right one: a young table has no statistics, and one that began with the tenant looked as good as the key.
-- The tables that every flush writes have no CHECKs: PostgreSQL reads their texts anew at each statement, which made
-- a tenth of a small flush. The journal, their only writer, takes these values from the types of core/.
CREATE TABLE "runs" (
    "tenant_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "skill_id" TEXT NOT NULL,
    "skill_version" TEXT NOT NULL,
    "skill_hash" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "head_sequence" INTEGER NOT NULL,
    "head_hash" TEXT NOT NULL,
    "owner_worker_id" TEXT,
    "lease_epoch" INTEGER NOT NULL,
    "wake_at" TIMESTAMPTZ(3),
    "trace_id" TEXT NOT NULL,
    "parent_run_id" TEXT,
    "lineage_root_run_id" TEXT NOT NULL,
    "is_lineage_shared" BOOLEAN NOT NULL DEFAULT false,
    "source_run_id" TEXT,
    "source_checkpoint_id" TEXT,
    "attributes" JSONB NOT NULL,
    "inputs" JSON NOT NULL,
    "outputs" JSON,
    "error" JSON,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    CONSTRAINT "runs_pkey" PRIMARY KEY ("run_id", "tenant_id")
) WITH (fillfactor = 40);

-- Newest first in lists, alone and under the commonest filters.
CREATE INDEX "runs_newest" ON "runs" ("tenant_id", "created_at" DESC, "run_id" DESC);
CREATE INDEX "runs_by_skill" ON "runs" ("tenant_id", "skill_id", "created_at" DESC);
CREATE INDEX "runs_children" ON "runs" ("tenant_id", "parent_run_id") WHERE "parent_run_id" IS NOT NULL;
CREATE INDEX "runs_lineage" ON "runs" ("tenant_id", "lineage_root_run_id") WHERE "lineage_root_run_id" <> "run_id";
-- What is unfinished: small however many runs there are.
CREATE INDEX "runs_unfinished" ON "runs" ("tenant_id", "status", "created_at" DESC) WHERE "status" NOT IN ('completed', 'failed', 'canceled');
CREATE INDEX "runs_failed" ON "runs" ("tenant_id", "created_at" DESC) WHERE "status" = 'failed';
CREATE INDEX "runs_owned" ON "runs" ("owner_worker_id") WHERE "owner_worker_id" IS NOT NULL;
CREATE INDEX "runs_wake" ON "runs" ("wake_at") WHERE "owner_worker_id" IS NULL AND "wake_at" IS NOT NULL;

CREATE TABLE "event_segments" (
    "tenant_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "first_seq" INTEGER NOT NULL,
    "last_seq" INTEGER NOT NULL,
    "body" BYTEA NOT NULL,
    CONSTRAINT "event_segments_pkey" PRIMARY KEY ("run_id", "tenant_id", "first_seq")
);

CREATE TABLE "snapshots" (
    "tenant_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "state_hash" TEXT NOT NULL,
    "body" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "snapshots_pkey" PRIMARY KEY ("run_id", "tenant_id", "sequence")
);

CREATE TABLE "run_commands" (
    "tenant_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "command_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSON NOT NULL,
    "actor" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "applied_at" TIMESTAMPTZ(3),
    "error" JSON,
    CONSTRAINT "run_commands_pkey" PRIMARY KEY ("run_id", "tenant_id", "command_id"),
    CONSTRAINT "run_commands_kind_check" CHECK ("kind" IN ('pause', 'resume', 'cancel', 'signal', 'child_ended', 'share_lineage'))
);
CREATE INDEX "run_commands_open" ON "run_commands" ("tenant_id", "run_id") WHERE "applied_at" IS NULL;

CREATE TABLE "effects" (
    "tenant_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "step_path" TEXT NOT NULL,
    "occurrence" TEXT NOT NULL,
    "capability_id" TEXT NOT NULL,
    "binding_id" TEXT NOT NULL,
    "binding_revision" INTEGER NOT NULL,
    "effect_class" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "holds_key" BOOLEAN NOT NULL,
    "request_hash" TEXT NOT NULL,
    "response_hash" TEXT,
    "status" TEXT NOT NULL,
    "replay_policy" TEXT NOT NULL,
    "result_sequence" INTEGER,
    "provider_receipt" TEXT,
    "approval_id" TEXT,
    "compensates_effect_id" TEXT,
    "attempts" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "effects_pkey" PRIMARY KEY ("run_id", "tenant_id", "sequence")
) WITH (fillfactor = 90);

-- Two workers, one call: where runs share a lineage, the second live record of a key is refused.
CREATE UNIQUE INDEX "effects_held_key" ON "effects" ("tenant_id", "idempotency_key") WHERE "holds_key";

CREATE TABLE "workers" (
    "worker_id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "active_runs" INTEGER NOT NULL DEFAULT 0,
    "capacity" INTEGER NOT NULL,
    CONSTRAINT "workers_pkey" PRIMARY KEY ("worker_id")
);

CREATE TABLE "idempotency_keys" (
    "tenant_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("tenant_id", "key")
);
