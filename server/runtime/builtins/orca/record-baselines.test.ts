import { expect, test } from "vitest";
import type { JsonObject } from "../../../../core/json.ts";
import type { BuiltinContext, BuiltinModule } from "../builtin.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { AGENT_BASELINE } from "./agent-baseline.ts";
import { IDENTITY_BASELINE } from "./identity-baseline.ts";
import { INTEGRATION_BASELINE } from "./integration-baseline.ts";
import { SCAFFOLD_SERVICE } from "./scaffold-service.ts";
import { TASK_BASELINE } from "./task-baseline.ts";
import { asText } from "../as-text.ts";

function callerOf(module: BuiltinModule, context: BuiltinContext = makeBuiltinContext()) {
  return async (name: string, input: JsonObject = {}): Promise<JsonObject> => {
    const builtin = module[name];
    if (builtin === undefined) throw new Error(`no function ${name}`);
    return builtin(input, context);
  };
}

test("a role gives its permissions to the principal it was assigned to", async () => {
  const call = callerOf(IDENTITY_BASELINE);
  const ask = { principal_id: "ada", permission: "record.write" };
  expect(await call("gate_permission", ask)).toMatchObject({ allowed: false });
  expect(await call("assign_role", { principal_id: "ada", role_id: "editor" })).toMatchObject({
    assigned: true,
    effective_permissions: ["record.read", "record.write"],
  });
  expect(await call("gate_permission", ask)).toMatchObject({ allowed: true });
  expect(await call("verify_permission", ask)).toMatchObject({
    verified: true,
    source: "role:editor",
  });
  expect(
    await call("list_permissions", { principal_id: "ada", resource_filter: "record.w" }),
  ).toMatchObject({ total: 1 });
  expect(await call("list_permissions", { principal_id: "bob" })).toMatchObject({ total: 0 });
  await expect(
    call("assign_role", { principal_id: "ada", role_id: "constructor" }),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("the directory answers about roles, permissions, risk, people and decisions", async () => {
  const call = callerOf(IDENTITY_BASELINE);
  expect(await call("get_role", { role_id: "admin" })).toMatchObject({
    found: true,
    role: { scope: "tenant" },
  });
  expect(await call("list_roles", { scope: "workspace" })).toMatchObject({ total: 3 });
  expect(await call("get_permission", { permission_id: "approval.decide" })).toMatchObject({
    permission: { granted_by: ["approver", "admin"] },
  });
  expect(
    await call("score_risk", {
      principal_id: "ada",
      signals: { new_device: true, failed_logins: 5 },
    }),
  ).toMatchObject({ risk_score: 0.6, safe: false });
  const candidates = [
    { id: "a", skills: ["python"], workload: 1 },
    { id: "b", skills: ["python"], workload: 9 },
    { id: "c", available: false },
  ];
  expect(
    await call("identify_assignee", { task: { title: "Fix Python script" }, candidates }),
  ).toMatchObject({ assignee: { id: "a" }, alternatives: [{ id: "b" }] });
  expect(
    await call("justify_decision", {
      decision: "deny access",
      subject: { id: "ada" },
      policies: ["No access at night"],
    }),
  ).toMatchObject({ applicable_policies: ["No access at night"] });
});

test("records of a connector are created once per key, changed, upserted and deleted", async () => {
  const context = makeBuiltinContext({ idempotencyKey: "k" });
  const call = callerOf(INTEGRATION_BASELINE, context);
  const { record_id: id } = await call("create_record", {
    connector_id: "crm",
    record: { name: "Ada" },
  });
  expect(
    await call("create_record", { connector_id: "crm", record: { name: "Ada" } }),
  ).toMatchObject({ record_id: id ?? "" });
  expect(
    await call("update_record", {
      connector_id: "crm",
      record_id: id ?? "",
      fields: { city: "Graz" },
    }),
  ).toEqual({ updated: true });
  expect(await context.records.get("connector.crm", asText(id))).toMatchObject({
    name: "Ada",
    city: "Graz",
  });
  expect(await call("upsert_record", { connector_id: "crm", record: { id: "x" } })).toMatchObject({
    action: "created",
  });
  expect(await call("upsert_record", { connector_id: "crm", record: { id: "x" } })).toMatchObject({
    action: "updated",
  });
  expect(await call("sync_connector", { connector_id: "crm" })).toMatchObject({
    records_processed: 2,
    status: "partial",
  });
  expect(await call("delete_record", { connector_id: "crm", record_id: "x" })).toEqual({
    deleted: true,
  });
  expect(await call("delete_record", { connector_id: "crm", record_id: "x" })).toEqual({
    deleted: false,
  });
  await expect(
    call("update_record", { connector_id: "crm", record_id: "y", fields: {} }),
  ).rejects.toMatchObject({ code: "not_found" });
  expect(await call("get_connector", { connector_id: "local" })).toMatchObject({ found: true });
  expect(await call("list_connectors", { type_filter: "none" })).toMatchObject({ total: 0 });
});

test("mappings are applied and checked", async () => {
  const call = callerOf(INTEGRATION_BASELINE);
  expect(await call("transform_mapping", { record: { a: 1, b: 2 }, mapping: { a: "x" } })).toEqual({
    transformed: { x: 1 },
    unmapped_fields: ["b"],
  });
  expect(
    await call("validate_mapping", {
      mapping: { a: "x", b: "x", c: 1 },
      source_schema: { a: {}, b: {} },
    }),
  ).toMatchObject({ valid: false, issues: [{ field: "b" }, { field: "c" }, { field: "c" }] });
  expect(await call("acknowledge_event", { event_id: "e" })).toMatchObject({ acknowledged: true });
});

test("a case goes only where its state lets it", async () => {
  const call = callerOf(TASK_BASELINE, makeBuiltinContext({ idempotencyKey: "k" }));
  const { case_id: id } = await call("create_case", { title: "Late delivery" });
  expect(await call("create_case", { title: "Late delivery" })).toMatchObject({
    case_id: id ?? "",
  });
  expect(await call("transition_state", { task_id: id ?? "", target_state: "done" })).toMatchObject(
    { transitioned: false, current_state: "open" },
  );
  expect(
    await call("transition_state", { task_id: id ?? "", target_state: "in_progress" }),
  ).toMatchObject({ transitioned: true, previous_state: "open" });
  await call("assign_task", { task_id: id ?? "", assignee_id: "ada" });
  await call("update_case", { case_id: id ?? "", fields: { note: "parcel" } });
  expect(await call("search_cases", { query: "deliveries" })).toMatchObject({ total: 1 });
  expect(
    await call("list_cases", { assignee_filter: "ada", status_filter: "in_progress" }),
  ).toMatchObject({ total: 1 });
  expect(await call("close_case", { case_id: id ?? "", resolution: "sent" })).toMatchObject({
    closed: true,
  });
  expect(await call("get_case", { case_id: id ?? "" })).toMatchObject({
    found: true,
    case: { state: "closed", note: "parcel" },
  });
  await expect(call("close_case", { case_id: "nope" })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(await call("create_incident", { title: "Down", severity: "high" })).toMatchObject({
    created: true,
  });
});

test("a decision on a request stands", async () => {
  const call = callerOf(TASK_BASELINE);
  expect(await call("approve_request", { approval_id: "a1" })).toMatchObject({ approved: true });
  expect(await call("approve_request", { approval_id: "a1" })).toMatchObject({ approved: true });
  await expect(call("reject_request", { approval_id: "a1", reason: "no" })).rejects.toMatchObject({
    code: "approval_not_pending",
  });
});

test("a calendar takes only times, and tasks are sorted by their age", async () => {
  const call = callerOf(TASK_BASELINE);
  expect(
    await call("schedule_event", { title: "x", scheduled_time: "2026-02-01T09:00:00Z" }),
  ).toMatchObject({ scheduled: true });
  expect(
    await call("schedule_milestone", { milestone_name: "x", target_date: "2026-02-01" }),
  ).toMatchObject({ scheduled: true });
  await expect(
    call("schedule_event", { title: "x", scheduled_time: "soon" }),
  ).rejects.toMatchObject({ code: "invalid_request" });
  const tasks = [
    { id: "new", created_at: "2026-01-02T03:00:00Z" },
    { id: "old", created_at: "2025-12-01T00:00:00Z" },
    { id: "near", created_at: "2026-01-01T04:04:05Z" },
    { id: "odd" },
  ];
  expect(await call("monitor_sla", { tasks, sla_rules: { default: 24 } })).toMatchObject({
    compliant: [{ id: "new" }],
    breached: [{ id: "old" }],
    at_risk: [{ id: "near" }, { id: "odd" }],
  });
  expect(await call("acknowledge_event", { event_id: "e" })).toMatchObject({ acknowledged: true });
  expect(await call("classify_priority", { task: { title: "urgent" } })).toMatchObject({
    priority: "high",
  });
});

test("what only the engine can do is said to be undone", async () => {
  const call = callerOf(AGENT_BASELINE);
  expect(
    await call("iterate_collection", { items: [1, 2], capability: "text.content.summarize" }),
  ).toMatchObject({ results: [], error_count: 2, status: "error" });
  expect(await call("wait_condition", { condition: "2020-01-01T00:00:00Z" })).toMatchObject({
    resolved: true,
    elapsed_seconds: 0,
  });
  expect(await call("wait_condition", { condition: "somebody approves" })).toMatchObject({
    resolved: false,
    timed_out: true,
  });
  expect(
    await call("collect_input", {
      fields: [{ name: "a" }, { name: "b", required: false }, "c"],
      context: '{"a": 1}',
    }),
  ).toMatchObject({ response: { a: 1 }, complete: false, missing_fields: ["c"] });
});

test("a drafted skill is a frame that says what is missing", async () => {
  const result = await callerOf(SCAFFOLD_SERVICE)("generate_skill_from_prompt", {
    intent_description: "Summarize a PDF",
  });
  expect(result).toMatchObject({
    capabilities_used: [
      "pdf.document.read",
      "reasoning.content.summarize",
      "evaluation.output.score",
    ],
    status: "partial",
  });
  expect(result["skill_yaml"]).toContain("uses: pdf.document.read");
});
