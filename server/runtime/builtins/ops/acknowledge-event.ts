import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

/** Notes durably that an event was taken care of. The first acknowledgement stands: a later one answers with its time. */
export const acknowledgeEvent: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const id = given.text("event_id");
  const earlier = await context.records.get("acknowledged_events", id);
  const at = typeof earlier?.["at"] === "string" ? earlier["at"] : context.now().toISOString();
  if (earlier === null) {
    await context.records.put("acknowledged_events", id, {
      at,
      handler: given.text("handler", ""),
      notes: given.text("notes", ""),
      run_id: context.runId,
    });
  }
  return {
    acknowledged: true,
    timestamp: at,
    status: "ok",
    rationale: earlier === null ? "Noted." : "It had been acknowledged before.",
  };
};
