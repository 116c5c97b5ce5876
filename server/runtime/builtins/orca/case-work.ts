import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { lookUp } from "../look-up.ts";
import { CASES } from "./case-records.ts";

/** Where a case may go from each state. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  open: ["in_progress", "blocked", "closed", "canceled"],
  in_progress: ["blocked", "review", "done", "closed", "canceled"],
  blocked: ["in_progress", "canceled"],
  review: ["in_progress", "done"],
  done: ["closed", "in_progress"],
  closed: ["open"],
  canceled: [],
};

/** Gives a task to somebody; an unknown task begins with it. */
export const assignTask: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [id, timestamp] = [given.text("task_id"), context.now().toISOString()];
  const old = (await context.records.get(CASES, id)) ?? {
    id,
    state: "open",
    created_at: timestamp,
  };
  await context.records.put(CASES, id, {
    ...old,
    assignee: given.text("assignee_id"),
    assigned_at: timestamp,
  });
  return { assigned: true, timestamp };
};

/** Moves a task to another state where its present one allows it. */
export const transitionState: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [id, target] = [given.text("task_id"), given.text("target_state")];
  const old = (await context.records.get(CASES, id)) ?? {
    id,
    state: "open",
    created_at: context.now().toISOString(),
  };
  const from = asText(old["state"]) || "open";
  const isAllowed = from === target || lookUp(NEXT, from)?.includes(target) === true;
  if (isAllowed) await context.records.put(CASES, id, { ...old, state: target });
  return {
    transitioned: isAllowed,
    previous_state: from,
    current_state: isAllowed ? target : from,
    reason: isAllowed
      ? ""
      : `From ${from} a task goes to ${(lookUp(NEXT, from) ?? []).join(", ") || "nowhere"}.`,
  };
};
