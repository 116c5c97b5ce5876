import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { PolicyDenied } from "./policy-denial.ts";
import { isSecretName } from "./secret-names.ts";

/** A call as the rules about its input see it. */
export type JudgedCall = { capabilityId: string; tenantId: string; input: JsonObject };

/** Throws where the input names another tenant than the run's. */
export function enforceTenant({ capabilityId, tenantId, input }: JudgedCall): void {
  const target = input["target_tenant_id"];
  if (target === undefined || target === null || target === "" || target === tenantId) return;
  throw new PolicyDenied(
    "same_tenant_mismatch",
    {
      rule: "same_tenant",
      outcome: "blocked",
      reason: "it stays in the run's tenant, and its target_tenant_id is another one",
      capability_id: capabilityId,
      may_override: [],
    },
    "Leave target_tenant_id out, or pass the run's own tenant.",
  );
}

/** Throws where the input holds a value under a secret's name; the value is not told. */
export function enforceNoCredentials({ capabilityId, input }: JudgedCall): void {
  const place = findCredential(input);
  if (place === null) return;
  throw new PolicyDenied(
    "scope_denied",
    {
      rule: "scope_constraints",
      outcome: "blocked",
      reason: `it takes no credentials along, and its input holds one in ${place}`,
      capability_id: capabilityId,
      may_override: [],
    },
    "Leave the credential out; services get theirs from metadata.headers of the service file.",
  );
}

/** Where an input holds a value under a secret's name; null where it does not. Keeps its own stack: inputs may be deep. */
function findCredential(input: JsonObject): string | null {
  const pending: { value: Json; place: string }[] = [{ value: input, place: "" }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, place } = next;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries())
        pending.push({ value: item, place: `${place}.${index}` });
    } else if (isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        const inside = place === "" ? key : `${place}.${key}`;
        if (isSecretName(key) && item !== null && item !== "") return inside;
        pending.push({ value: item, place: inside });
      }
    }
  }
  return null;
}
