import type { RegistryRows } from "../database/registry-rows.ts";
import type { RegistryDocument } from "./registry-document.ts";
import type { NewDocuments } from "./select-new-documents.ts";

/** The registry as it would be after the import: what the documents are judged against. */
export function addDocuments(
  rows: RegistryRows,
  news: Omit<NewDocuments, "conflicts">,
  importedAt: string,
): RegistryRows {
  const { capabilities, skills, bindings, services, defaults } = news;
  const stored = <Content extends object>(
    { value, contentHash }: RegistryDocument,
    content: Content,
  ) => ({ document: value, contentHash, importedAt, ...content });
  return {
    capabilities: [
      ...rows.capabilities,
      ...capabilities.map((each) => stored(each, { capability: each.capability })),
    ],
    skills: [
      ...rows.skills,
      ...skills.map((each) => stored(each, { skill: each.skill, channel: each.channel })),
    ],
    // A later entry replaces an earlier one of the same id.
    bindings: [
      ...rows.bindings,
      ...bindings.map((each) => stored(each, { binding: each.binding, revision: each.revision })),
    ],
    services: [
      ...rows.services,
      ...services.map((each) => stored(each, { service: each.service, revision: each.revision })),
    ],
    defaults: [...rows.defaults, ...defaults],
  };
}
