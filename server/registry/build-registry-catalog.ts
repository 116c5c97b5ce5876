import { effectContractOf } from "../../core/capability.ts";
import { listCapabilityNames } from "../../core/capability-aliases.ts";
import { compareVersions } from "../../core/registry-version.ts";
import type {
  RegistryRows,
  StoredCapability,
  StoredDefault,
  StoredSkill,
} from "../database/registry-rows.ts";
import type {
  CatalogBinding,
  CatalogCapability,
  CatalogSkill,
  RegistryCatalog,
} from "./registry-catalog.ts";

/** The catalog of what is stored (or about to be): latest versions settled, former names and aliases resolved. Pure. */
export function buildRegistryCatalog(rows: RegistryRows): RegistryCatalog {
  const capabilities = latestCapabilities(rows.capabilities);
  const skills = groupSkills(rows.skills);
  const bindings = byId(rows.bindings, ({ binding }) => binding.id);
  const services = byId(rows.services, ({ service }) => service.id);
  const findCapability = capabilityFinder(capabilities);
  const bindingsOf = bindingFinder(bindings.values(), capabilities, findCapability);
  const defaults = defaultsFinder(rows.defaults, capabilities, bindingsOf);
  return {
    capability: findCapability,
    skill(id, version) {
      const versions = skills.get(id);
      if (versions === undefined) return null;
      return (version === null ? versions.latest : versions.byVersion.get(version)) ?? null;
    },
    binding: (id) => bindings.get(id) ?? null,
    service: (id) => services.get(id) ?? null,
    bindingsOf,
    defaults,
    capabilities: [...capabilities.values()],
    skills: [...skills.values()].map(({ latest }) => latest),
    bindings: [...bindings.values()],
    services: [...services.values()],
  };
}

type FindCapability = RegistryCatalog["capability"];

function latestCapabilities(rows: StoredCapability[]): Map<string, CatalogCapability> {
  const latest = new Map<string, StoredCapability>();
  for (const row of rows) {
    const known = latest.get(row.capability.id);
    if (
      known === undefined ||
      compareVersions(row.capability.version, known.capability.version) > 0
    ) {
      latest.set(row.capability.id, row);
    }
  }
  const entries = [...latest.values()].map(({ capability, contentHash, importedAt }) => ({
    capability,
    contentHash,
    importedAt,
    effectContract: effectContractOf(capability),
  }));
  return byId(entries, ({ capability }) => capability.id);
}

function groupSkills(
  rows: StoredSkill[],
): Map<string, { latest: CatalogSkill; byVersion: Map<string, CatalogSkill> }> {
  const groups = new Map<
    string,
    { id: string; latest: CatalogSkill; byVersion: Map<string, CatalogSkill> }
  >();
  for (const { skill, channel, contentHash, importedAt } of rows) {
    const entry = { skill, channel, contentHash, importedAt };
    const group = groups.get(skill.id);
    if (group === undefined) {
      groups.set(skill.id, {
        id: skill.id,
        latest: entry,
        byVersion: new Map([[skill.version, entry]]),
      });
      continue;
    }
    group.byVersion.set(skill.version, entry);
    if (compareVersions(skill.version, group.latest.skill.version) > 0) group.latest = entry;
  }
  return byId(groups.values(), ({ id }) => id);
}

function capabilityFinder(capabilities: ReadonlyMap<string, CatalogCapability>): FindCapability {
  const aliases = new Map<string, CatalogCapability>();
  for (const entry of capabilities.values()) {
    for (const alias of entry.capability.aliases ?? []) {
      if (!aliases.has(alias)) aliases.set(alias, entry);
    }
  }
  return (id) => {
    const exact = capabilities.get(id) ?? aliases.get(id);
    if (exact !== undefined) return exact;
    for (const name of listCapabilityNames(id)) {
      const found = capabilities.get(name) ?? aliases.get(name);
      if (found !== undefined) return found;
    }
    return null;
  };
}

/** Bindings made for the capability itself come before those made for another of its names, which serve where there are none. */
function bindingFinder(
  bindings: Iterable<CatalogBinding>,
  capabilities: ReadonlyMap<string, CatalogCapability>,
  findCapability: FindCapability,
): RegistryCatalog["bindingsOf"] {
  const byCapability = Map.groupBy(bindings, ({ binding }) => binding.capability);
  const found = new Map<string, readonly CatalogBinding[]>();
  return (capabilityId) => {
    const entry = capabilities.get(capabilityId) ?? findCapability(capabilityId);
    const id = entry?.capability.id ?? capabilityId;
    const known = found.get(id);
    if (known !== undefined) return known;
    const names = [id, ...(entry?.capability.aliases ?? []), ...listCapabilityNames(id)];
    const own =
      names.map((name) => byCapability.get(name)).find((list) => list !== undefined) ?? [];
    const list = own.map((each) => renameCapability(each, id));
    found.set(id, list);
    return list;
  };
}

function renameCapability(entry: CatalogBinding, capability: string): CatalogBinding {
  return { ...entry, binding: { ...entry.binding, capability } };
}

/** The environment's own default comes before the one of every environment, and the present name before former ones. */
function defaultsFinder(
  rows: StoredDefault[],
  capabilities: ReadonlyMap<string, CatalogCapability>,
  bindingsOf: RegistryCatalog["bindingsOf"],
): RegistryCatalog["defaults"] {
  const found = new Map<string | null, Readonly<Record<string, string>>>();
  return (environment) => {
    const known = found.get(environment);
    if (known !== undefined) return known;
    const sources = [...new Set([environment, null])].map(
      (each) =>
        new Map(
          rows.flatMap((row) =>
            row.environment === each ? [[row.capabilityId, row.bindingId]] : [],
          ),
        ),
    );
    const defaults: Record<string, string> = {};
    for (const [id, { capability }] of capabilities) {
      const names = [id, ...(capability.aliases ?? []), ...listCapabilityNames(id)];
      const bindingId = sources.flatMap((source) =>
        names.flatMap((name) => source.get(name) ?? []),
      )[0];
      const isOwn = bindingsOf(id).some(({ binding }) => binding.id === bindingId);
      if (bindingId !== undefined && isOwn) defaults[id] = bindingId;
    }
    found.set(environment, defaults);
    return defaults;
  };
}

function byId<T>(entries: Iterable<T>, idOf: (entry: T) => string): Map<string, T> {
  const sorted = [...entries].sort((a, b) =>
    idOf(a) < idOf(b) ? -1 : idOf(a) === idOf(b) ? 0 : 1,
  );
  return new Map(sorted.map((entry) => [idOf(entry), entry]));
}
