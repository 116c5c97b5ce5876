import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin, BuiltinContext, BuiltinModule } from "../builtin.ts";
import { allText } from "../decision/read-options.ts";
import { InputReader } from "../input-reader.ts";
import { justifyDecision } from "../policy/justify-decision.ts";
import { contentWords } from "../text/content-words.ts";
import { asNumber } from "../table/match-row.ts";

/** The roles of the example directory. They grant nothing in this product: its own access rules are elsewhere. */
const ROLES: Readonly<Record<string, { scope: string; permissions: readonly string[] }>> = {
  viewer: { scope: "workspace", permissions: ["record.read"] },
  editor: { scope: "workspace", permissions: ["record.read", "record.write"] },
  approver: { scope: "workspace", permissions: ["record.read", "approval.decide"] },
  admin: {
    scope: "tenant",
    permissions: ["record.read", "record.write", "approval.decide", "role.assign"],
  },
};

const roleRecord = (id: string): JsonObject => ({
  id,
  scope: ROLES[id]?.scope ?? "",
  permissions: [...(ROLES[id]?.permissions ?? [])],
});

async function rolesOf(context: BuiltinContext, principal: string): Promise<string[]> {
  const held = await context.records.get("principal_roles", principal);
  return Array.isArray(held?.["roles"]) ? held["roles"].map(asText) : [];
}

async function permissionsOf(
  context: BuiltinContext,
  principal: string,
): Promise<Map<string, string>> {
  const roles = await rolesOf(context, principal);
  return new Map(
    roles.flatMap((role) =>
      (ROLES[role]?.permissions ?? []).map((permission) => [permission, role]),
    ),
  );
}

const assignRole: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [principal, role] = [given.text("principal_id"), given.text("role_id")];
  if (!Object.hasOwn(ROLES, role))
    throw new DomainError("not_found", `There is no role "${role}".`, {
      hint: `Use one of ${Object.keys(ROLES).join(", ")}.`,
    });
  const roles = [...new Set([...(await rolesOf(context, principal)), role])];
  await context.records.put("principal_roles", principal, {
    roles,
    at: context.now().toISOString(),
  });
  return {
    assigned: true,
    effective_permissions: [...(await permissionsOf(context, principal)).keys()],
  };
};

const getRole: Builtin = (input) => {
  const id = new InputReader(input).text("role_id");
  return Object.hasOwn(ROLES, id)
    ? { role: roleRecord(id), found: true }
    : { role: {}, found: false };
};

const listRoles: Builtin = (input) => {
  const scope = new InputReader(input).text("scope", "");
  const roles = Object.keys(ROLES)
    .map(roleRecord)
    .filter((role) => scope === "" || role["scope"] === scope);
  return { roles, total: roles.length };
};

const getPermission: Builtin = (input) => {
  const id = new InputReader(input).text("permission_id");
  const roles = Object.keys(ROLES).filter((role) => ROLES[role]?.permissions.includes(id) === true);
  return roles.length === 0
    ? { permission: {}, found: false }
    : { permission: { id, granted_by: roles }, found: true };
};

const listPermissions: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const filter = given.text("resource_filter", "");
  const permissions = [...(await permissionsOf(context, given.text("principal_id")))]
    .filter(([permission]) => permission.startsWith(filter))
    .map(([permission, role]) => ({ id: permission, granted_by: role }));
  return { permissions, total: permissions.length };
};

const verifyPermission: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const role = (await permissionsOf(context, given.text("principal_id"))).get(
    given.text("permission"),
  );
  return {
    verified: role !== undefined,
    source: role === undefined ? "none" : `role:${role}`,
    evidence: { role: role ?? null },
  };
};

const gatePermission: Builtin = async (input, context) => {
  const { verified, source } = await verifyPermission(input, context);
  return {
    allowed: verified === true,
    reason:
      verified === true ? `Granted by ${asText(source)}.` : "No role of the principal grants it.",
  };
};

/** Adds up named signals between 0 and 1 (booleans count 1, `count`-like numbers tenths), each at most 0.4; safe below 0.5. */
const scoreIdentityRisk: Builtin = (input) => {
  const given = new InputReader(input);
  given.text("principal_id");
  const factors = Object.entries(given.object("signals", {})).map(([signal, value]) => {
    const raw =
      value === true
        ? 1
        : Math.min(
            1,
            Math.max(
              0,
              (asNumber(value) ?? 0) > 1 ? (asNumber(value) ?? 0) / 10 : (asNumber(value) ?? 0),
            ),
          );
    return { signal, weight: Math.round(raw * 40) / 100 };
  });
  const score = Math.min(
    1,
    Math.round(factors.reduce((sum, factor) => sum + factor.weight, 0) * 100) / 100,
  );
  return {
    risk_score: score,
    factors: factors.filter((factor) => factor.weight > 0),
    safe: score < 0.5,
  };
};

/** Ranks `candidates` (`{id, skills?, workload?, available?}`) by the task's words among their skills, less their workload. */
const identifyAssignee: Builtin = (input) => {
  const given = new InputReader(input);
  const words = new Set(contentWords(allText(given.object("task"))));
  const ranked = given
    .list("candidates", [])
    .filter(isJsonObject)
    .filter((candidate) => candidate["available"] !== false)
    .map((candidate) => {
      const shared = contentWords(allText(candidate["skills"] ?? [])).filter((word) =>
        words.has(word),
      );
      return {
        ...candidate,
        score:
          Math.round((shared.length - (asNumber(candidate["workload"]) ?? 0) / 10) * 100) / 100,
        matched_skills: shared,
      };
    })
    .sort((a, b) => b.score - a.score);
  const [best, ...others] = ranked;
  if (best === undefined)
    return {
      assignee: {},
      alternatives: [],
      rationale: "Nobody was given who is available.",
      status: "partial",
    };
  return {
    assignee: best,
    alternatives: others,
    rationale:
      best.matched_skills.length === 0
        ? "Chosen by workload; no skill matches the task."
        : `Skills match: ${best.matched_skills.join(", ")}.`,
    status: "ok",
  };
};

const justifyIdentityDecision: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const result = await justifyDecision(
    {
      decision: given.text("decision"),
      rules: given.list("policies", []),
      context: given.object("subject"),
    },
    context,
  );
  return { ...result, applicable_policies: result["applicable_rules"] ?? [] };
};

/** `official_services.identity_baseline` of the ORCA registry: an example directory in the environment's records. */
export const IDENTITY_BASELINE: BuiltinModule = {
  assign_role: assignRole,
  gate_permission: gatePermission,
  get_permission: getPermission,
  get_role: getRole,
  identify_assignee: identifyAssignee,
  justify_decision: justifyIdentityDecision,
  list_permissions: listPermissions,
  list_roles: listRoles,
  score_risk: scoreIdentityRisk,
  verify_permission: verifyPermission,
};
