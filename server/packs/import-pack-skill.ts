import { DomainError } from "../../core/errors.ts";
import type { CallContext } from "../api/call-context.ts";
import {
  advanceRegistryHead,
  insertRegistryImport,
  type RegistryTx,
} from "../database/registry-repository.ts";
import { findSkillVersion, insertSkillVersions } from "../database/skill-version-repository.ts";
import type { Pack } from "./read-pack.ts";

/**
 * Makes sure that the skill version that ran is in the tenant's registry; true where it was not. Throws
 * `version_conflict` where another skill has that id and version, and `invalid_request` where the definition is not
 * whole in the pack. Only under `claimRegistryHead`.
 */
export async function importPackSkill(
  tx: RegistryTx,
  { hash, run, skill }: Pack,
  ctx: CallContext,
): Promise<boolean> {
  const { tenantId, actor, dependencies } = ctx;
  const known = await findSkillVersion(tx, tenantId, skill.id, skill.version);
  if (known?.contentHash === run.skill_hash) return false;
  if (known !== null) throw skillDiffers(skill);
  if (skill.is_redacted) throw skillRedacted(skill);
  const importedAt = dependencies.now();
  const importId = dependencies.makeId("import");
  const path = `packs/${run.run_id}`;
  await insertSkillVersions(tx, tenantId, [
    {
      skillId: skill.id,
      version: skill.version,
      contentHash: skill.content_hash,
      channel: "local",
      document: skill.document,
      source: skill.source,
      path,
      diagnostics: [],
      importId,
      importedAt,
    },
  ]);
  const report = { imported: { skills: 1 }, diagnostics: [], pack: hash };
  await insertRegistryImport(tx, { tenantId, importId, actor, report, importedAt });
  await advanceRegistryHead(tx, tenantId);
  return true;
}

function skillDiffers({ id, version }: Pack["skill"]): DomainError {
  return new DomainError(
    "version_conflict",
    `Another skill ${id}@${version} is here than the one that ran.`,
    {
      hint: "Import the pack into a tenant without it, or re-drive the file with `orca replay <file> --offline`.",
      details: { skill_id: id, version },
    },
  );
}

function skillRedacted({ id, version }: Pack["skill"]): DomainError {
  return new DomainError(
    "invalid_request",
    `The definition of ${id}@${version} held a secret, so that it is not whole in this pack.`,
    {
      hint: "Import that version of the skill from its registry first, then the pack.",
      details: { skill_id: id, version },
    },
  );
}
