import type { BuiltinModule } from "../builtin.ts";
import { acknowledgeEvent } from "./acknowledge-event.ts";
import { analyzeTrace } from "./analyze-trace.ts";
import { estimateBudget } from "./estimate-budget.ts";
import { monitorEvents, monitorTrace } from "./monitor-trace.ts";

/** Module `orca.ops`: traces, events and budgets of operations. */
export const OPS_MODULE: BuiltinModule = {
  acknowledge_event: acknowledgeEvent,
  analyze_trace: analyzeTrace,
  estimate_budget: estimateBudget,
  monitor_events: monitorEvents,
  monitor_trace: monitorTrace,
};
