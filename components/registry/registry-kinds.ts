import { Plug, Server, SquareFunction, Workflow, type LucideIcon } from "lucide-react";

export const REGISTRY_KINDS = ["skills", "capabilities", "bindings", "services"] as const;
export type RegistryKind = (typeof REGISTRY_KINDS)[number];

/** What each kind of document is called and is, in a sentence for someone who meets it first. */
export const KIND_WORDS: Record<
  RegistryKind,
  { label: string; one: string; icon: LucideIcon; what: string }
> = {
  skills: {
    label: "Skills",
    one: "skill",
    icon: Workflow,
    what: "What one can run: steps over capabilities and other skills.",
  },
  capabilities: {
    label: "Capabilities",
    one: "capability",
    icon: SquareFunction,
    what: "What a step may use: a contract without an implementation.",
  },
  bindings: {
    label: "Bindings",
    one: "binding",
    icon: Plug,
    what: "How a capability is done: a service and a mapping to it.",
  },
  services: {
    label: "Services",
    one: "service",
    icon: Server,
    what: "Where bindings point: a module, an address or a server.",
  },
};

/** The page of one document of the registry. */
export function registryHref(kind: RegistryKind, id: string, version?: string | number): string {
  const page = `/registry/${kind}/${encodeURIComponent(id)}`;
  return version === undefined ? page : `${page}?version=${encodeURIComponent(String(version))}`;
}
