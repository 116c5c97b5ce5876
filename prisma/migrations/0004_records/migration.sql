CREATE TABLE "builtin_records" (
    "tenant_id" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "collection" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "builtin_records_pkey" PRIMARY KEY ("tenant_id", "environment", "collection", "key")
);
