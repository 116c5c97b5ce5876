import { DomainError } from "../../../../core/errors.ts";
import type { JsonObject } from "../../../../core/json.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { allText } from "../decision/read-options.ts";
import { InputReader } from "../input-reader.ts";
import { recordIdOf } from "../record-id.ts";
import { isMatch } from "../table/match-row.ts";
import { contentWords } from "../text/content-words.ts";

/** The collection that cases are kept in. */
export const CASES = "cases";

async function getEntry(
  context: BuiltinContext,
  collection: string,
  id: string,
): Promise<JsonObject> {
  const found = await context.records.get(collection, id);
  if (found === null)
    throw new DomainError("not_found", `There is no entry "${id}" in ${collection}.`, {
      details: { id },
    });
  return found;
}

async function openCase(
  context: BuiltinContext,
  prefix: string,
  fields: JsonObject,
): Promise<string> {
  const id = recordIdOf(context, prefix);
  if ((await context.records.get(CASES, id)) === null) {
    await context.records.put(CASES, id, {
      id,
      state: "open",
      created_at: context.now().toISOString(),
      ...fields,
    });
  }
  return id;
}

/** Opens a case; one ledger key opens it once. */
export const createCase: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const id = await openCase(context, "case", {
    title: given.text("title"),
    description: given.text("description", ""),
    priority: given.text("priority", "medium"),
  });
  return { case_id: id, created: true };
};

/** Opens a case of an incident; one ledger key opens it once. */
export const createIncident: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const id = await openCase(context, "inc", {
    title: given.text("title"),
    severity: given.text("severity"),
    affected_system: given.text("affected_system", ""),
    description: given.text("description", ""),
  });
  return { incident_id: id, created: true };
};

/** One case, or `found: false`. */
export const getCase: Builtin = async (input, context) => {
  const found = await context.records.get(CASES, new InputReader(input).text("case_id"));
  return { case: found ?? {}, found: found !== null };
};

/** Cases by state and assignee. */
export const listCases: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [state, assignee] = [given.text("status_filter", ""), given.text("assignee_filter", "")];
  const cases = (await context.records.list(CASES, 5_000))
    .map(({ value }) => value)
    .filter(
      (entry) =>
        (state === "" || entry["state"] === state) &&
        (assignee === "" || entry["assignee"] === assignee),
    );
  return { cases, total: cases.length };
};

/** Cases that hold a word of the query and meet `filters`. */
export const searchCases: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const words = contentWords(given.text("query"));
  const filters = given.object("filters", {});
  const results = (await context.records.list(CASES, 5_000))
    .map(({ value }) => value)
    .filter(
      (entry) =>
        isMatch(entry, filters) &&
        words.some((word) => contentWords(allText(entry)).includes(word)),
    );
  return { results, total: results.length };
};

/** Writes fields of a case over. */
export const updateCase: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const id = given.text("case_id");
  await context.records.put(CASES, id, {
    ...(await getEntry(context, CASES, id)),
    ...given.object("fields"),
    id,
  });
  return { updated: true };
};

/** Closes a case with its resolution. */
export const closeCase: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const id = given.text("case_id");
  const timestamp = context.now().toISOString();
  await context.records.put(CASES, id, {
    ...(await getEntry(context, CASES, id)),
    state: "closed",
    resolution: given.text("resolution", ""),
    closed_at: timestamp,
  });
  return { closed: true, timestamp };
};
