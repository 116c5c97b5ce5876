import { z } from "zod";
import { JsonObjectSchema } from "../../core/field.ts";
import { DiagnosticSchema, type Diagnostic } from "../../core/registry-diagnostic.ts";
import { SKILL_CHANNELS, type SkillChannel } from "../../core/registry-document-kind.ts";
import { SkillSchema } from "../../core/skill.ts";
import type { RegistryTx } from "./registry-repository.ts";
import type { NewDocument, StoredSkill } from "./registry-rows.ts";

/** Every version of every skill of the tenant. Index: the primary key. */
export async function listSkillVersions(tx: RegistryTx, tenantId: string): Promise<StoredSkill[]> {
  const rows = await tx.skillVersion.findMany({ where: { tenantId }, select: COLUMNS });
  return rows.map(toSkill);
}

export type NewSkill = NewDocument & {
  skillId: string;
  version: string;
  channel: SkillChannel;
  diagnostics: Diagnostic[];
};

/** Writes new versions. The caller has made sure, under `claimRegistryHead`, that none of them exists. */
export async function insertSkillVersions(
  tx: RegistryTx,
  tenantId: string,
  rows: NewSkill[],
): Promise<void> {
  await tx.skillVersion.createMany({ data: rows.map((row) => ({ tenantId, ...row })) });
}

/** Every version of one skill. Index: the primary key. */
export async function listVersionsOfSkill(
  tx: RegistryTx,
  tenantId: string,
  skillId: string,
): Promise<StoredSkill[]> {
  const rows = await tx.skillVersion.findMany({ where: { tenantId, skillId }, select: COLUMNS });
  return rows.map(toSkill);
}

/** One version of a skill with the file that it was imported from, and what the import said about that file. */
export async function findSkillVersion(
  tx: RegistryTx,
  tenantId: string,
  skillId: string,
  version: string,
): Promise<(StoredSkill & { source: string; diagnostics: Diagnostic[] }) | null> {
  const row = await tx.skillVersion.findUnique({
    where: { tenantId_skillId_version: { tenantId, skillId, version } },
    select: { ...COLUMNS, source: true, diagnostics: true },
  });
  if (row === null) return null;
  return {
    ...toSkill(row),
    source: row.source,
    diagnostics: DiagnosticsSchema.parse(row.diagnostics),
  };
}

const COLUMNS = { document: true, contentHash: true, importedAt: true, channel: true } as const;
const ChannelSchema = z.enum(SKILL_CHANNELS);
const DiagnosticsSchema = z.array(DiagnosticSchema);

function toSkill(row: {
  document: unknown;
  contentHash: string;
  importedAt: Date;
  channel: string;
}): StoredSkill {
  return {
    document: JsonObjectSchema.parse(row.document),
    skill: SkillSchema.parse(row.document),
    channel: ChannelSchema.parse(row.channel),
    contentHash: row.contentHash,
    importedAt: row.importedAt.toISOString(),
  };
}
