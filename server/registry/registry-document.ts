import type { Binding, Service } from "../../core/binding.ts";
import type { Capability } from "../../core/capability.ts";
import type { JsonObject } from "../../core/json.ts";
import type { DefaultSelection } from "../../core/registry-default-selection.ts";
import type { Diagnostic, DocumentIssue } from "../../core/registry-diagnostic.ts";
import type { SkillChannel } from "../../core/registry-document-kind.ts";
import type { Skill } from "../../core/skill.ts";
import type { YamlDocument } from "./yaml-document.ts";

/** What a document says, by its kind. */
export type RegistryContent =
  | { kind: "capability"; capability: Capability }
  | { kind: "skill"; skill: Skill; channel: SkillChannel }
  | { kind: "binding"; binding: Binding }
  | { kind: "service"; service: Service }
  | { kind: "default_selection"; selection: DefaultSelection };

/** One document that could be read. `value` is what is hashed and stored; `source` is the text as it came. */
export type RegistryDocument = RegistryContent & {
  path: string;
  source: string;
  value: JsonObject;
  contentHash: string;
  findPlace: YamlDocument["findPlace"];
};

/** The id that a document declares; a default selection has none. */
export function documentIdOf(content: RegistryContent): string | null {
  switch (content.kind) {
    case "capability":
      return content.capability.id;
    case "skill":
      return content.skill.id;
    case "binding":
      return content.binding.id;
    case "service":
      return content.service.id;
    case "default_selection":
      return null;
  }
}

/** What must be unique among documents: kind and id, and the version where there is one. Null for a default selection. */
export function identityOf(content: RegistryContent): string | null {
  switch (content.kind) {
    case "capability":
      return `capability ${content.capability.id} ${content.capability.version}`;
    case "skill":
      return `skill ${content.skill.id} ${content.skill.version}`;
    case "binding":
      return `binding ${content.binding.id}`;
    case "service":
      return `service ${content.service.id}`;
    case "default_selection":
      return null;
  }
}

/** The diagnostic of an issue in a document: the issue with its place. */
export function toDiagnostic(
  document: { path: string; findPlace: YamlDocument["findPlace"] },
  issue: DocumentIssue,
): Diagnostic {
  const { severity, code, message, hint } = issue;
  return { severity, code, path: document.path, ...document.findPlace(issue), message, hint };
}
