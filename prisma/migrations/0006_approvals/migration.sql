-- CreateTable
CREATE TABLE "approvals" (
    "tenant_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "payload_sequence" INTEGER NOT NULL,
    "environment" TEXT NOT NULL,
    "skill_id" TEXT NOT NULL,
    "step_path" TEXT NOT NULL,
    "step_id" TEXT NOT NULL,
    "occurrence" TEXT NOT NULL,
    "capability_id" TEXT,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "risk" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "payload_hash" TEXT NOT NULL,
    "eligible" JSONB NOT NULL,
    "quorum" INTEGER NOT NULL,
    "forbid_self_approval" BOOLEAN NOT NULL,
    "requested_by" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "on_expiry" TEXT NOT NULL,
    "claimed_by" JSON,
    "decisions" JSON NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "approvals_pkey" PRIMARY KEY ("run_id","tenant_id","sequence")
);

-- What people are asked now, and everything that they were asked, newest first.
CREATE INDEX "approvals_pending" ON "approvals" ("tenant_id", "created_at", "run_id", "sequence") WHERE "status" = 'pending';
CREATE INDEX "approvals_newest" ON "approvals" ("tenant_id", "created_at" DESC, "run_id" DESC, "sequence" DESC);

ALTER TABLE "run_commands" DROP CONSTRAINT "run_commands_kind_check";
ALTER TABLE "run_commands" ADD CONSTRAINT "run_commands_kind_check"
    CHECK ("kind" IN ('pause', 'resume', 'cancel', 'signal', 'child_ended', 'share_lineage', 'claim', 'decide', 'resolve'));
