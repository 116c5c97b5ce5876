import { DomainError } from "../../../../core/errors.ts";
import type { JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin, BuiltinContext, BuiltinModule } from "../builtin.ts";
import { compareRecords } from "../data/compare-records.ts";
import { mapFields } from "../data/map-fields.ts";
import { reconcileRecords } from "../data/reconcile-records.ts";
import { InputReader } from "../input-reader.ts";
import { acknowledgeEvent } from "../ops/acknowledge-event.ts";
import { recordIdOf } from "../record-id.ts";

/** The one connector that is always there: records of the environment itself. */
const LOCAL: JsonObject = {
  id: "local",
  type: "records",
  status: "active",
  description: "Records of this environment.",
};

async function connectorOf(context: BuiltinContext, id: string): Promise<JsonObject | null> {
  return id === "local" ? LOCAL : context.records.get("connectors", id);
}

/** The collection of a connector's records; any id works, as a space of its own, because nothing outside is reached. */
const collectionOf = (connector: string) => `connector.${connector}`;

const getConnector: Builtin = async (input, context) => {
  const connector = await connectorOf(context, new InputReader(input).text("connector_id"));
  return { connector: connector ?? {}, found: connector !== null };
};

const listConnectors: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [type, status] = [given.text("type_filter", ""), given.text("status_filter", "")];
  const all = [LOCAL, ...(await context.records.list("connectors", 500)).map(({ value }) => value)];
  const connectors = all.filter(
    (connector) =>
      (type === "" || connector["type"] === type) &&
      (status === "" || connector["status"] === status),
  );
  return { connectors, total: connectors.length };
};

/** Counts the connector's records. There is no outside system behind it, so nothing is moved. */
const syncConnector: Builtin = async (input, context) => {
  const records = await context.records.list(
    collectionOf(new InputReader(input).text("connector_id")),
    5_000,
  );
  return {
    synced: true,
    records_processed: records.length,
    timestamp: context.now().toISOString(),
    status: "partial",
    rationale: "Counted only: no outside system is connected.",
  };
};

const createRecord: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const record = given.object("record");
  const id = asText(record["id"]) || recordIdOf(context, "rec");
  await context.records.put(collectionOf(given.text("connector_id")), id, { ...record, id });
  return { created: true, record_id: id };
};

const updateRecord: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [connector, id] = [given.text("connector_id"), given.text("record_id")];
  const old = await context.records.get(collectionOf(connector), id);
  if (old === null)
    throw new DomainError("not_found", `Connector "${connector}" holds no record "${id}".`, {
      details: { record_id: id },
    });
  await context.records.put(collectionOf(connector), id, { ...old, ...given.object("fields"), id });
  return { updated: true };
};

const upsertRecord: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const id = asText(given.object("record")["id"]);
  const isKnown =
    id !== "" && (await context.records.get(collectionOf(given.text("connector_id")), id)) !== null;
  const { record_id: recordId } = await createRecord(input, context);
  return { action: isKnown ? "updated" : "created", record_id: recordId ?? "" };
};

const deleteRecord: Builtin = async (input, context) => {
  const given = new InputReader(input);
  return {
    deleted: await context.records.delete(
      collectionOf(given.text("connector_id")),
      given.text("record_id"),
    ),
  };
};

const transformMapping: Builtin = async (input, context) => {
  const mapped = await mapFields({ ...input, drop_unmapped: true }, context);
  return { transformed: mapped["record"] ?? {}, unmapped_fields: mapped["unmapped_fields"] ?? [] };
};

/** Checks that every source and target of a mapping is a name, no target is used twice, and the sources are in `source_schema` where given. */
const validateMapping: Builtin = (input) => {
  const given = new InputReader(input);
  const mapping = Object.entries(given.object("mapping"));
  const schema = given.object("source_schema", {});
  const known = new InputReader(schema).object("properties", schema);
  const issues = mapping.flatMap(([source, target], index) => [
    ...(typeof target !== "string" || target === ""
      ? [{ field: source, message: `"${source}" has no target name.` }]
      : []),
    ...(mapping.some(([, other], at) => at < index && other === target)
      ? [{ field: source, message: `"${asText(target)}" is a target twice.` }]
      : []),
    ...(Object.keys(known).length > 0 && !Object.hasOwn(known, source)
      ? [{ field: source, message: `The source has no field "${source}".` }]
      : []),
  ]);
  if (mapping.length === 0) issues.push({ field: "mapping", message: "The mapping is empty." });
  return { valid: issues.length === 0, issues };
};

/** `official_services.integration_baseline` of the ORCA registry: connectors as collections of the environment's records. */
export const INTEGRATION_BASELINE: BuiltinModule = {
  acknowledge_event: acknowledgeEvent,
  compare_records: compareRecords,
  create_record: createRecord,
  delete_record: deleteRecord,
  get_connector: getConnector,
  list_connectors: listConnectors,
  reconcile_records: reconcileRecords,
  sync_connector: syncConnector,
  transform_mapping: transformMapping,
  update_record: updateRecord,
  upsert_record: upsertRecord,
  validate_mapping: validateMapping,
};
