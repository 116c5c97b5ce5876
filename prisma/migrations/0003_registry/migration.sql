-- CreateTable
CREATE TABLE "registry_heads" (
    "tenant_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,

    CONSTRAINT "registry_heads_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "registry_imports" (
    "tenant_id" TEXT NOT NULL,
    "import_id" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "report" JSONB NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "registry_imports_pkey" PRIMARY KEY ("tenant_id","import_id")
);

-- CreateTable
CREATE TABLE "capability_versions" (
    "tenant_id" TEXT NOT NULL,
    "capability_id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "document" JSON NOT NULL,
    "source" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "import_id" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "capability_versions_pkey" PRIMARY KEY ("tenant_id","capability_id","version")
);

-- CreateTable
CREATE TABLE "skill_versions" (
    "tenant_id" TEXT NOT NULL,
    "skill_id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "document" JSON NOT NULL,
    "source" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "diagnostics" JSONB NOT NULL,
    "import_id" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "skill_versions_pkey" PRIMARY KEY ("tenant_id","skill_id","version"),
    CONSTRAINT "skill_versions_channel_check" CHECK ("channel" IN ('local', 'experimental', 'community', 'official'))
);

-- CreateTable
CREATE TABLE "binding_revisions" (
    "tenant_id" TEXT NOT NULL,
    "binding_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "content_hash" TEXT NOT NULL,
    "document" JSON NOT NULL,
    "source" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "import_id" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "binding_revisions_pkey" PRIMARY KEY ("tenant_id","binding_id","revision")
);

-- CreateTable
CREATE TABLE "service_revisions" (
    "tenant_id" TEXT NOT NULL,
    "service_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "content_hash" TEXT NOT NULL,
    "document" JSON NOT NULL,
    "source" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "import_id" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "service_revisions_pkey" PRIMARY KEY ("tenant_id","service_id","revision")
);

-- CreateTable
CREATE TABLE "default_selections" (
    "tenant_id" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "capability_id" TEXT NOT NULL,
    "binding_id" TEXT NOT NULL,
    "import_id" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "default_selections_pkey" PRIMARY KEY ("tenant_id","environment","capability_id")
);

-- CreateIndex
CREATE INDEX "registry_imports_tenant_id_imported_at_idx" ON "registry_imports"("tenant_id", "imported_at" DESC);

-- A version or revision that was written once is what runs were started with; it never changes.
CREATE FUNCTION "refuse_registry_update"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are immutable: write a new version or revision', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER "capability_versions_immutable" BEFORE UPDATE ON "capability_versions" FOR EACH ROW EXECUTE FUNCTION "refuse_registry_update"();
CREATE TRIGGER "skill_versions_immutable" BEFORE UPDATE ON "skill_versions" FOR EACH ROW EXECUTE FUNCTION "refuse_registry_update"();
CREATE TRIGGER "binding_revisions_immutable" BEFORE UPDATE ON "binding_revisions" FOR EACH ROW EXECUTE FUNCTION "refuse_registry_update"();
CREATE TRIGGER "service_revisions_immutable" BEFORE UPDATE ON "service_revisions" FOR EACH ROW EXECUTE FUNCTION "refuse_registry_update"();
