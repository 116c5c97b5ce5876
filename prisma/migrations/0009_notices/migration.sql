-- What tells the payload of an approval apart in lists.
ALTER TABLE "approvals" ADD COLUMN "gist" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "notices" (
    "tenant_id" TEXT NOT NULL,
    "notice_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "fanned_out_at" TIMESTAMPTZ(3),

    CONSTRAINT "notices_pkey" PRIMARY KEY ("tenant_id","notice_id"),
    CONSTRAINT "notices_type_check" CHECK ("type" IN ('approval.requested', 'approval.reassigned', 'approval.expiring'))
);

-- CreateTable
CREATE TABLE "notice_channels" (
    "tenant_id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "environment" TEXT,
    "url" TEXT,
    "secret" TEXT,
    "recipients" TEXT[],
    "types" TEXT[],
    "is_enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notice_channels_pkey" PRIMARY KEY ("tenant_id","channel_id"),
    CONSTRAINT "notice_channels_kind_check" CHECK (
        ("kind" = 'webhook' AND "url" IS NOT NULL AND "secret" IS NOT NULL)
        OR ("kind" = 'email' AND "url" IS NULL AND "secret" IS NULL AND cardinality("recipients") > 0))
);

-- CreateTable
CREATE TABLE "notice_deliveries" (
    "tenant_id" TEXT NOT NULL,
    "delivery_id" TEXT NOT NULL,
    "notice_id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "environment" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "last_status" INTEGER,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_deliveries_pkey" PRIMARY KEY ("tenant_id","delivery_id"),
    CONSTRAINT "notice_deliveries_status_check" CHECK ("status" IN ('pending', 'delivered', 'dead'))
);

-- CreateIndex
CREATE UNIQUE INDEX "notice_deliveries_tenant_id_notice_id_channel_id_key" ON "notice_deliveries"("tenant_id", "notice_id", "channel_id");

-- What is to be done next: new notices by tenant, deliveries that are due by receiver, approvals that nobody has
-- decided yet. Tenant and receiver come first, so that one's backlog is not read to find another's.
CREATE INDEX "notices_new" ON "notices" ("tenant_id", "occurred_at") WHERE "fanned_out_at" IS NULL;
CREATE INDEX "notice_deliveries_due" ON "notice_deliveries" ("tenant_id", "channel_id", "next_attempt_at") WHERE "status" = 'pending';
CREATE INDEX "notice_deliveries_newest" ON "notice_deliveries" ("tenant_id", "created_at" DESC, "delivery_id" DESC);
CREATE INDEX "notice_deliveries_dead" ON "notice_deliveries" ("tenant_id", "created_at" DESC, "delivery_id" DESC) WHERE "status" = 'dead';
-- What is old enough to be removed.
CREATE INDEX "notices_told" ON "notices" ("fanned_out_at") WHERE "fanned_out_at" IS NOT NULL;
CREATE INDEX "notice_deliveries_settled" ON "notice_deliveries" ("status", "settled_at") WHERE "status" <> 'pending';
CREATE INDEX "approvals_expiring" ON "approvals" ("expires_at") WHERE "status" = 'pending' AND "expires_at" IS NOT NULL;
