import type { ApiOutputs } from "../api/trpc.ts";
import type { EffectClass } from "../../core/capability.ts";

/** A line of the registry, whatever its kind. */
export type RegistryEntry = {
  id: string;
  version: string;
  title: string;
  detail: string;
  isDeprecated: boolean;
  /** Short facts at the end of the line. */
  facts: string[];
};

type Items<K extends "skills" | "capabilities" | "bindings" | "services"> =
  ApiOutputs[K]["list"]["items"][number];

/** Each effect class in words. */
export const EFFECT_WORDS: Record<EffectClass, string> = {
  none: "no effects",
  read: "reads",
  write: "writes",
  external_action: "acts outside",
};

export function toSkillEntry(item: Items<"skills">): RegistryEntry {
  return {
    id: item.id,
    version: item.version,
    title: item.name,
    detail: item.description,
    isDeprecated: item.deprecated,
    facts: [counted(item.step_count, "step")],
  };
}

export function toCapabilityEntry(item: Items<"capabilities">): RegistryEntry {
  return {
    id: item.id,
    version: item.version,
    title: item.id,
    detail: item.description,
    isDeprecated: item.deprecated,
    facts: [EFFECT_WORDS[item.effect_class], counted(item.binding_count, "binding")],
  };
}

export function toBindingEntry(item: Items<"bindings">): RegistryEntry {
  return {
    id: item.id,
    version: `r${item.revision}`,
    title: item.id,
    detail: `${item.capability_id} by ${item.operation} of ${item.service_id}`,
    isDeprecated: item.status === "deprecated",
    facts: [...(item.is_default ? ["default"] : []), item.protocol],
  };
}

export function toServiceEntry(item: Items<"services">): RegistryEntry {
  return {
    id: item.id,
    version: `r${item.revision}`,
    title: item.id,
    detail: item.target,
    isDeprecated: false,
    facts: [item.kind, counted(item.binding_count, "binding")],
  };
}

/** `1 step`, `3 steps`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
