import type { Approval } from "../../core/approval.ts";
import { refOfKey } from "../../core/decision.ts";
import { askedCallOf } from "../../core/effect-question.ts";
import { approvalPlaceOf } from "../../core/ids.ts";
import { SecretMask } from "../../core/masked-secrets.ts";
import { payloadGist } from "../../core/payload-gist.ts";
import type { EventType, RunEvent } from "../../core/run-events.ts";
import type { Plan } from "../../core/run-plan.ts";
import type { RunState } from "../../core/run-state.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { ApprovalWrite } from "../database/segment-write.ts";

/** The facts that may change an approval: what is said of it, and the end of its step. */
const TOUCHING: ReadonlySet<EventType> = new Set([
  "approval.requested",
  "approval.claimed",
  "approval.released",
  "approval.reassigned",
  "approval.decided",
  "approval.expired",
  "step.failed",
  "step.canceled",
]);

/** Where an approval stands, and what changed it last. */
type Change = {
  key: string;
  stepPath: string;
  uses: string;
  at: number;
  payloadSequence: number | null;
  notice: ApprovalWrite["notice"];
};

/** The rows of a run's approvals that its events imply; written in the flush of the event that says the same. */
export class RunApprovals {
  readonly #plan: Plan;
  readonly #state: RunState;
  readonly #secrets: readonly string[];
  /** Approvals that changed since the last flush, with their place and time. */
  #changed = new Map<Approval, Change>();

  constructor(plan: Plan, state: RunState, secrets: readonly string[]) {
    this.#plan = plan;
    this.#state = state;
    this.#secrets = secrets;
  }

  /** Folds an event with `fold` and notes the approval that it changes: an end takes the approval from the state. */
  note(event: RunEvent, fold: (event: RunEvent) => void): void {
    if (!TOUCHING.has(event.type) || !("step_id" in event.payload)) {
      fold(event);
      return;
    }
    const { step_id: stepId = "" } = event.payload;
    const occurrence = "occurrence" in event.payload ? event.payload.occurrence : undefined;
    const key = occurrenceKey(stepId, occurrence);
    const before = this.#state.steps.get(key);
    fold(event);
    const isEnd = event.type === "step.failed" || event.type === "step.canceled";
    const touched = isEnd ? before : this.#state.steps.get(key);
    if (touched?.approval === undefined) return;
    const uses = touched.uses ?? this.#plan.steps[this.#plan.stepIndex.get(stepId) ?? -1]?.uses;
    const known = this.#changed.get(touched.approval);
    const isEdit = event.type === "approval.decided" && event.payload.payload !== undefined;
    this.#changed.set(touched.approval, {
      key,
      stepPath: this.#pathOf(stepId),
      uses: uses ?? "",
      at: event.at,
      payloadSequence: isEdit ? event.sequence : (known?.payloadSequence ?? null),
      notice: known?.notice ?? noticeOf(event),
    });
  }

  /** The changed rows as they are now; they count as written from now on. */
  take(): ApprovalWrite[] {
    if (this.#changed.size === 0) return [];
    const rows = [...this.#changed].map(
      ([approval, { key, stepPath, uses, at, payloadSequence, notice }]): ApprovalWrite => {
        const { step_id: stepId, occurrence = "" } = refOfKey(key);
        // What goes on changing here must not change in a flush that is tried again.
        const { payload, form_schema: _schema, decisions, ...rest } = approval;
        // The row is what people are shown in lists and notices; the event keeps what is exact.
        const { inputs, vars, outputs } = this.#state.scope;
        const mask = new SecretMask(this.#secrets, [inputs, vars, outputs, payload]);
        return {
          ...rest,
          reason: mask.text(rest.reason),
          decisions: decisions.map((decision) => mask.decision(decision)),
          sequence: approvalPlaceOf(approval.approval_id)?.sequence ?? 0,
          payloadSequence,
          environment: this.#state.environment,
          skillId: this.#plan.skillId,
          stepPath,
          stepId,
          occurrence,
          capabilityId: approval.kind === "form" ? null : uses,
          gist: payloadGist(mask.payload(askedCallOf(approval) ?? payload)),
          notice,
          updatedAt: at,
        };
      },
    );
    this.#changed = new Map();
    return rows;
  }

  #pathOf(stepId: string): string {
    const { parent } = this.#state;
    return parent === null ? stepId : `${parent.step_path}/${stepId}`;
  }
}

/** New questions, and those that go to others, are told outside. */
function noticeOf({ type, sequence }: RunEvent): ApprovalWrite["notice"] {
  return type === "approval.requested" || type === "approval.reassigned"
    ? { type, sequence }
    : null;
}
