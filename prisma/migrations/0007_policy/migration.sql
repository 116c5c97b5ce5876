-- AlterTable
ALTER TABLE "tenants" ADD COLUMN     "policy" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "policy_snapshots" (
    "tenant_id" TEXT NOT NULL,
    "policy_hash" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_snapshots_pkey" PRIMARY KEY ("tenant_id","policy_hash")
);

-- Environments that stand already get what new installations begin with; what somebody has set stays.
UPDATE "environments" SET "settings" = (CASE "name"
  WHEN 'dev' THEN '{"trust_ceiling": "privileged", "max_data_classification": "confidential", "approved_connectors": ["*"]}'
  ELSE '{"trust_ceiling": "elevated", "max_data_classification": "confidential"}'
END)::jsonb || "settings"
WHERE "name" IN ('dev', 'staging');
UPDATE "environments" SET "settings" =
  '{"trust_ceiling": "elevated", "max_data_classification": "restricted"}'::jsonb || "settings"
WHERE "name" = 'prod';
