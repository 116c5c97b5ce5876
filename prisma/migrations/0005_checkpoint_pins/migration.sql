-- CreateTable
CREATE TABLE "checkpoint_pins" (
    "tenant_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "pinned_by" TEXT NOT NULL,
    "pinned_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "checkpoint_pins_pkey" PRIMARY KEY ("tenant_id","run_id","sequence")
);
