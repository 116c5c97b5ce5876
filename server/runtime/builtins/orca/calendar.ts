import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, type JsonObject } from "../../../../core/json.ts";
import type { Builtin, BuiltinContext } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { recordIdOf } from "../record-id.ts";

/** Notes an entry of the calendar. Nothing rings: a run waits for a time with `wait.timer`. */
async function schedule(
  context: BuiltinContext,
  prefix: string,
  time: string,
  fields: JsonObject,
): Promise<string> {
  if (Number.isNaN(Date.parse(time)))
    throw new DomainError("invalid_request", `"${time}" is not a time.`, {
      hint: "Write it as 2026-01-31T09:00:00Z.",
    });
  const id = recordIdOf(context, prefix);
  await context.records.put("calendar", id, { id, time, ...fields });
  return id;
}

/** Puts an event into the calendar. */
export const scheduleEvent: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const time = given.text("scheduled_time");
  const id = await schedule(context, "evt", time, {
    title: given.text("title"),
    recurrence: given.text("recurrence", ""),
    attendees: given.list("attendees", []),
  });
  return { event_id: id, scheduled: true, scheduled_time: time };
};

/** Puts a milestone into the calendar. */
export const scheduleMilestone: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const id = await schedule(context, "mst", given.text("target_date"), {
    title: given.text("milestone_name"),
    deliverables: given
      .list("deliverables", [])
      .filter((item) => isJsonObject(item) || typeof item === "string"),
  });
  return { milestone_id: id, scheduled: true };
};
