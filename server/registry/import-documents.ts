import type { MakeId } from "../../core/ids.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Database } from "../database/client.ts";
import { insertBindingRevisions } from "../database/binding-revision-repository.ts";
import { insertCapabilityVersions } from "../database/capability-version-repository.ts";
import { settleDefaultSelections } from "../database/default-selection-repository.ts";
import {
  advanceRegistryHead,
  claimRegistryHead,
  findRegistryRows,
  insertRegistryImport,
  type RegistryTx,
} from "../database/registry-repository.ts";
import { insertServiceRevisions } from "../database/service-revision-repository.ts";
import { insertSkillVersions } from "../database/skill-version-repository.ts";
import type { ImportReport } from "./import-report.ts";
import { planImport, type ImportPlan } from "./plan-import.ts";
import type { SourceDocument } from "./read-document.ts";
import { readDocuments } from "./read-documents.ts";
import type { RegistryDocument } from "./registry-document.ts";

export type ImportDeps = {
  database: Pick<Database, "prisma">;
  now: () => Date;
  makeId: MakeId;
  /** Told after a write, so that this process sees it at once. */
  catalogs?: { forget: (tenantId: string) => void };
};

export type ImportRequest = {
  tenantId: string;
  documents: readonly SourceDocument[];
  dryRun: boolean;
  /** Who imports: a user or key id. */
  actor: string;
};

/** Reading and judging thousands of documents may take seconds, and other imports of the tenant wait for their turn. */
const IMPORT_TIMEOUT_MS = 120_000;

/**
 * Imports registry documents, all or nothing: a diagnostic of severity error, and nothing is written. Stored content
 * again is a no-op. Imports of one tenant happen one after the other; readers never see half of one. A dry run gives
 * the report that the import would have given now. Bad documents never throw, they are in the report; too many of
 * them throw `payload_too_large`.
 */
export async function importDocuments(
  deps: ImportDeps,
  request: ImportRequest,
): Promise<ImportReport> {
  const { tenantId, dryRun, actor } = request;
  const readings = await readDocuments(request.documents, () => deps.now().getTime());
  const importedAt = deps.now();
  const importId = deps.makeId("import");
  const { prisma } = deps.database;
  const planned = await prisma.$transaction(
    async (tx) => {
      if (!dryRun) await claimRegistryHead(tx, tenantId);
      const plan = planImport(
        readings,
        await findRegistryRows(tx, tenantId),
        importedAt.toISOString(),
      );
      if (!dryRun && !plan.hasErrors && hasNews(plan)) {
        await writePlan(tx, plan, { tenantId, importId, importedAt, actor });
      }
      return plan;
    },
    {
      timeout: IMPORT_TIMEOUT_MS,
      maxWait: IMPORT_TIMEOUT_MS,
      // Whoever waited for the head must see what the import before it wrote; a dry run wants one moment.
      isolationLevel: dryRun ? "RepeatableRead" : "ReadCommitted",
    },
  );
  if (!dryRun) deps.catalogs?.forget(tenantId);
  return planned.report;
}

function hasNews({ capabilities, skills, bindings, services, defaults }: ImportPlan): boolean {
  return [capabilities, skills, bindings, services, defaults].some((list) => list.length > 0);
}

type ImportRecord = { tenantId: string; importId: string; importedAt: Date; actor: string };

async function writePlan(tx: RegistryTx, plan: ImportPlan, record: ImportRecord): Promise<void> {
  const { tenantId, importId, importedAt } = record;
  const common = ({ value, contentHash, source, path }: RegistryDocument) => ({
    document: value,
    contentHash,
    source,
    path,
    importId,
    importedAt,
  });
  await insertCapabilityVersions(
    tx,
    tenantId,
    plan.capabilities.map((each) => ({
      ...common(each),
      capabilityId: each.capability.id,
      version: each.capability.version,
    })),
  );
  await insertSkillVersions(
    tx,
    tenantId,
    plan.skills.map((each) => ({
      ...common(each),
      skillId: each.skill.id,
      version: each.skill.version,
      channel: each.channel,
      diagnostics: each.diagnostics,
    })),
  );
  await insertBindingRevisions(
    tx,
    tenantId,
    plan.bindings.map((each) => ({
      ...common(each),
      bindingId: each.binding.id,
      revision: each.revision,
    })),
  );
  await insertServiceRevisions(
    tx,
    tenantId,
    plan.services.map((each) => ({
      ...common(each),
      serviceId: each.service.id,
      revision: each.revision,
    })),
  );
  await settleDefaultSelections(tx, tenantId, plan.defaults, { importId, importedAt });
  const report: JsonObject = {
    imported: plan.report.imported,
    diagnostics: plan.report.diagnostics,
  };
  await insertRegistryImport(tx, { tenantId, importId, actor: record.actor, report, importedAt });
  await advanceRegistryHead(tx, tenantId);
}
