import { planLevels } from "../../core/plan-levels.ts";
import { compareVersions } from "../../core/registry-version.ts";
import type { SkillChannel } from "../../core/registry-document-kind.ts";
import { compileSkill } from "../../core/run-plan.ts";
import { toSkillGraph } from "../../core/skill-graph.ts";
import type { Skill } from "../../core/skill.ts";
import type { RegistryReader } from "../api/registry-reader.ts";
import { findSkillVersion, listVersionsOfSkill } from "../database/skill-version-repository.ts";
import type { CatalogSkill, RegistryCatalog } from "./registry-catalog.ts";
import { registryNotFound, versionNotFound } from "./registry-not-found.ts";
import { toRegistryPage } from "./registry-page.ts";
import type { RegistryReading } from "./registry-reading.ts";
import { skillExamplesOf } from "./skill-examples.ts";
import { tagsOf } from "./tags-of.ts";

type SkillQueries = Pick<
  RegistryReader,
  "listSkills" | "getSkill" | "listSkillVersions" | "getSkillGraph" | "getSkillPlan"
>;

/** The queries about skills. */
export function readSkills({ database, catalogs }: RegistryReading): SkillQueries {
  const { prisma } = database;
  return {
    async listSkills(tenantId, filter) {
      const catalog = await catalogs.getCatalog(tenantId);
      return toRegistryPage(catalog.skills, filter, {
        idOf: ({ skill }) => skill.id,
        textOf: ({ skill }) =>
          `${skill.id} ${skill.name} ${skill.description} ${tagsOf(skill.metadata)}`,
        toItem,
      });
    },
    async getSkill(tenantId, id, version) {
      const known = findSkill(await catalogs.getCatalog(tenantId), id, version);
      const found = await findSkillVersion(prisma, tenantId, known.skill.id, known.skill.version);
      if (found === null) throw registryNotFound("skill", id);
      return {
        ...toItem(found),
        document: found.document,
        source: found.source,
        content_hash: found.contentHash,
        inputs: found.skill.inputs,
        outputs: found.skill.outputs,
        diagnostics: found.diagnostics,
        examples: skillExamplesOf(found.skill.metadata),
      };
    },
    async listSkillVersions(tenantId, id) {
      findSkill(await catalogs.getCatalog(tenantId), id, null);
      const versions = await listVersionsOfSkill(prisma, tenantId, id);
      return versions
        .toSorted((a, b) => compareVersions(b.skill.version, a.skill.version))
        .map(({ skill, contentHash, importedAt }) => ({
          version: skill.version,
          content_hash: contentHash,
          deprecated: isDeprecated(skill),
          imported_at: importedAt,
        }));
    },
    async getSkillGraph(tenantId, id, version) {
      const { skill, contentHash } = findSkill(await catalogs.getCatalog(tenantId), id, version);
      return toSkillGraph(skill, compileSkill(skill, contentHash));
    },
    async getSkillPlan(tenantId, id, version) {
      const { skill } = findSkill(await catalogs.getCatalog(tenantId), id, version);
      const found = await findSkillVersion(prisma, tenantId, skill.id, skill.version);
      if (found === null) throw registryNotFound("skill", id);
      const plan = compileSkill(found.skill, found.contentHash);
      const { levels, criticalPath } = planLevels(plan);
      return {
        skill_id: plan.skillId,
        skill_version: plan.skillVersion,
        content_hash: plan.skillHash,
        step_count: plan.steps.length,
        levels,
        critical_path: criticalPath,
        diagnostics: found.diagnostics,
      };
    },
  };
}

function findSkill(catalog: RegistryCatalog, id: string, version: string | null): CatalogSkill {
  const found = catalog.skill(id, version);
  if (found !== null) return found;
  if (version !== null && catalog.skill(id, null) !== null)
    throw versionNotFound("skill", id, version);
  throw registryNotFound(
    "skill",
    id,
    catalog.skills.map(({ skill }) => skill.id),
  );
}

function toItem({
  skill,
  channel,
  importedAt,
}: {
  skill: Skill;
  channel: SkillChannel;
  importedAt: string;
}) {
  return {
    id: skill.id,
    version: skill.version,
    name: skill.name,
    description: skill.description,
    channel,
    step_count: skill.steps.length,
    deprecated: isDeprecated(skill),
    imported_at: importedAt,
  };
}

function isDeprecated({ metadata }: Skill): boolean {
  return metadata["status"] === "deprecated" || metadata["deprecated_by"] !== undefined;
}
