import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { recordIdOf } from "../record-id.ts";

/** Puts `task` on the durable list of `agent` and returns its `delegation_id`; whoever acts as that agent takes it from there. Repeated under one key, it stays one entry. */
export const delegateTask: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [task, agent] = [given.object("task"), given.text("agent")];
  const id = recordIdOf(context, "del");
  await context.records.put("delegations", id, {
    agent,
    task,
    state: "waiting",
    run_id: context.runId,
    at: context.now().toISOString(),
  });
  return {
    accepted: true,
    delegation_id: id,
    reason: `Waiting for ${agent}.`,
    status: "ok",
    rationale: "Recorded; nothing has worked on it yet.",
  };
};
