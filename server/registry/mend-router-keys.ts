import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { setOwn } from "../../core/own-property.ts";
import type { DocumentIssue } from "../../core/registry-diagnostic.ts";

/**
 * A skill in which every router's key `true` is `on` again: YAML 1.1 reads an unquoted `on` as a boolean, and files
 * that went through such a reader have it written out.
 */
export function mendRouterKeys(skill: JsonObject): { value: JsonObject; issues: DocumentIssue[] } {
  const { steps } = skill;
  if (!Array.isArray(steps)) return { value: skill, issues: [] };
  const issues: DocumentIssue[] = [];
  const mended = steps.map((step, index) => {
    const router = routerOf(step);
    if (router === null || !Object.hasOwn(router, "true") || Object.hasOwn(router, "on")) {
      return step;
    }
    issues.push({
      severity: "info",
      code: "yaml_boolean_key",
      pointer: ["steps", index, "config", "router", "true"],
      at: "key",
      message: "The router's key true is read as on.",
      hint: "Write the key as on.",
    });
    return mendStep(step, router);
  });
  return { value: issues.length === 0 ? skill : { ...skill, steps: mended }, issues };
}

function routerOf(step: Json): JsonObject | null {
  const config = isJsonObject(step) ? step["config"] : undefined;
  const router = isJsonObject(config) ? config["router"] : undefined;
  return isJsonObject(router) ? router : null;
}

function mendStep(step: Json, router: JsonObject): Json {
  if (!isJsonObject(step) || !isJsonObject(step["config"])) return step;
  const mended: JsonObject = {};
  for (const [key, value] of Object.entries(router))
    setOwn(mended, key === "true" ? "on" : key, value);
  return { ...step, config: { ...step["config"], router: mended } };
}
