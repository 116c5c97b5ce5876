-- Which transaction wrote the row last, so that the projection finds what changed. BRIN: no entry per row.
ALTER TABLE "effects" ADD COLUMN "written_xid" BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text)::bigint;
CREATE INDEX "effects_written" ON "effects" USING brin ("written_xid") WITH (pages_per_range = 32);

CREATE TABLE "effect_search" (
    "tenant_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "terms" BIGINT[] NOT NULL,
    CONSTRAINT "effect_search_pkey" PRIMARY KEY ("run_id", "tenant_id", "sequence")
);
CREATE INDEX "effect_search_newest" ON "effect_search" ("tenant_id", "created_at" DESC, "run_id" DESC, "sequence" DESC);
-- The few that are not simply recorded.
CREATE INDEX "effect_search_status" ON "effect_search" ("tenant_id", "status", "created_at" DESC, "run_id" DESC, "sequence" DESC) WHERE "status" <> 'recorded';
CREATE INDEX "effect_search_terms" ON "effect_search" USING gin ("terms");

CREATE TABLE "effect_search_position" (
    "id" INTEGER NOT NULL,
    "xid" BIGINT NOT NULL,
    "caught_up_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "effect_search_position_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "effect_search_position_single" CHECK ("id" = 1)
);
INSERT INTO "effect_search_position" ("id", "xid", "caught_up_at") VALUES (1, 0, now());
