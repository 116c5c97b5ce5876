import type { BuiltinModule } from "../builtin.ts";
import { acknowledgeEvent } from "../ops/acknowledge-event.ts";
import { classifyTaskPriority } from "../reasoning/classify-priority.ts";
import { scheduleEvent, scheduleMilestone } from "./calendar.ts";
import { approveRequest, rejectRequest } from "./case-approvals.ts";
import {
  closeCase,
  createCase,
  createIncident,
  getCase,
  listCases,
  searchCases,
  updateCase,
} from "./case-records.ts";
import { assignTask, transitionState } from "./case-work.ts";
import { monitorSla } from "./monitor-sla.ts";

/** `official_services.task_baseline` of the ORCA registry: cases, approvals and a calendar in the environment's records. */
export const TASK_BASELINE: BuiltinModule = {
  acknowledge_event: acknowledgeEvent,
  approve_request: approveRequest,
  assign_task: assignTask,
  classify_priority: classifyTaskPriority,
  close_case: closeCase,
  create_case: createCase,
  create_incident: createIncident,
  get_case: getCase,
  list_cases: listCases,
  monitor_sla: monitorSla,
  reject_request: rejectRequest,
  schedule_event: scheduleEvent,
  schedule_milestone: scheduleMilestone,
  search_cases: searchCases,
  transition_state: transitionState,
  update_case: updateCase,
};
