import { z } from "zod";
import { cancelRun } from "../../runs/cancel-run.ts";
import { diffRun, diffRunRows } from "../../runs/diff-run.ts";
import { diffRunStep } from "../../runs/diff-run-step.ts";
import { getCompensation } from "../../runs/get-compensation.ts";
import { getRun } from "../../runs/get-run.ts";
import { getRunGraph } from "../../runs/get-run-graph.ts";
import { listRuns } from "../../runs/list-runs.ts";
import { listRunEvents } from "../../runs/list-run-events.ts";
import { listRunSteps } from "../../runs/list-run-steps.ts";
import { listLineage } from "../../runs/list-lineage.ts";
import { planReplayOf } from "../../runs/plan-replay.ts";
import { forkRun, replayRun } from "../../runs/replay-run.ts";
import { pauseRun } from "../../runs/pause-run.ts";
import { resumeRun } from "../../runs/resume-run.ts";
import { signalRun } from "../../runs/signal-run.ts";
import { startRun } from "../../runs/start-run.ts";
import { DiffQuerySchema, DiffSchema } from "../diff-schemas.ts";
import { AnyJson } from "../json-schemas.ts";
import { listOf, PageSchema } from "../list-schemas.ts";
import { operation, router } from "../operation.ts";
import {
  ForkRunSchema,
  LineageSchema,
  PlanReplaySchema,
  ReplayPlanSchema,
  ReplayRunSchema,
  ResumeRunSchema,
} from "../replay-schemas.ts";
import {
  CompensationViewSchema,
  EventEnvelopeSchema,
  RunAnswerSchema,
  RunDetailSchema,
  RunIdSchema,
  RunsFilterSchema,
  RunSummarySchema,
  StartedRunSchema,
  StartRunSchema,
} from "../run-schemas.ts";
import { SkillGraphSchema, StepViewSchema } from "../step-schemas.ts";

const OneRun = z.object({ run_id: RunIdSchema });
const Command = z.strictObject({
  run_id: RunIdSchema,
  reason: z.string().trim().min(1).max(2000).optional(),
});
const Cancel = Command.extend({
  compensate: z
    .boolean()
    .default(false)
    .describe("Whether what the run did outside is undone before it ends"),
});
const Signal = z.strictObject({
  run_id: RunIdSchema,
  name: z.string().min(1).max(200),
  payload: AnyJson.default(null),
  signal_id: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("Sent twice, a signal with an id counts once"),
});
const EventsPage = z.object({
  run_id: RunIdSchema,
  after: z.int().min(0).default(0).describe("Only events with a higher sequence"),
  limit: PageSchema.shape.limit,
});
const tag = "Runs";

/** What a tenant's people and programs do with runs. */
export const runsRouter = router({
  list: operation({
    method: "GET",
    path: "/runs",
    permission: "run:read",
    tag,
    summary: "List runs, newest first",
  })
    .input(RunsFilterSchema)
    .output(listOf(RunSummarySchema))
    .query(({ ctx, input }) => listRuns(ctx, input)),

  get: operation({
    method: "GET",
    path: "/runs/{run_id}",
    permission: "run:read",
    tag,
    summary: "Get one run",
  })
    .input(OneRun)
    .output(RunDetailSchema)
    .query(({ ctx, input }) => getRun(ctx, input.run_id)),

  start: operation({
    method: "POST",
    path: "/runs",
    permission: "run:start",
    status: 202,
    takesIdempotencyKey: true,
    tag,
    summary: "Start a run",
  })
    .input(StartRunSchema)
    .output(StartedRunSchema)
    .mutation(({ ctx, input }) => startRun(ctx, input)),

  pause: operation({
    method: "POST",
    path: "/runs/{run_id}/pause",
    permission: "run:pause",
    tag,
    summary: "Pause a run",
  })
    .input(Command)
    .output(RunAnswerSchema)
    .mutation(({ ctx, input }) => pauseRun(ctx, input)),

  resume: operation({
    method: "POST",
    path: "/runs/{run_id}/resume",
    permission: "run:resume",
    tag,
    summary: "Resume a run",
  })
    .input(ResumeRunSchema)
    .output(RunAnswerSchema)
    .mutation(({ ctx, input }) => resumeRun(ctx, input)),

  plan: operation({
    method: "POST",
    path: "/runs/{run_id}/plan",
    permission: "run:read",
    tag,
    summary: "Say what a replay, fork, resume or push back would do",
  })
    .input(PlanReplaySchema)
    .output(ReplayPlanSchema)
    .mutation(({ ctx, input }) => planReplayOf(ctx, input)),

  replay: operation({
    method: "POST",
    path: "/runs/{run_id}/replay",
    permission: "run:replay",
    status: 202,
    takesIdempotencyKey: true,
    tag,
    summary: "Run a run again from a chosen point, as a new run",
  })
    .input(ReplayRunSchema)
    .output(RunAnswerSchema)
    .mutation(({ ctx, input }) => replayRun(ctx, input)),

  fork: operation({
    method: "POST",
    path: "/runs/{run_id}/fork",
    permission: "run:replay",
    status: 202,
    takesIdempotencyKey: true,
    tag,
    summary: "Make a new run at a chosen point of another one, with edits",
  })
    .input(ForkRunSchema)
    .output(RunAnswerSchema)
    .mutation(({ ctx, input }) => forkRun(ctx, input)),

  lineage: operation({
    method: "GET",
    path: "/runs/{run_id}/lineage",
    permission: "run:read",
    tag,
    summary: "List the runs that came from the same first run",
  })
    .input(OneRun)
    .output(LineageSchema)
    .query(({ ctx, input }) => listLineage(ctx, input.run_id)),

  cancel: operation({
    method: "POST",
    path: "/runs/{run_id}/cancel",
    permission: "run:cancel",
    tag,
    summary: "Cancel a run",
  })
    .input(Cancel)
    .output(RunAnswerSchema)
    .mutation(({ ctx, input }) => cancelRun(ctx, input)),

  compensation: operation({
    method: "GET",
    path: "/runs/{run_id}/compensation",
    permission: "run:read",
    tag,
    summary: "Say what canceling a run with compensation undoes",
  })
    .input(OneRun)
    .output(CompensationViewSchema)
    .query(({ ctx, input }) => getCompensation(ctx, input.run_id)),

  signal: operation({
    method: "POST",
    path: "/runs/{run_id}/signal",
    permission: "run:signal",
    tag,
    summary: "Send a run a signal",
  })
    .input(Signal)
    .output(RunAnswerSchema)
    .mutation(({ ctx, input }) => signalRun(ctx, input)),

  events: operation({
    method: "GET",
    path: "/runs/{run_id}/events",
    permission: "run:read",
    tag,
    summary: "List a run's events in order",
  })
    .input(EventsPage)
    .output(listOf(EventEnvelopeSchema))
    .query(({ ctx, input }) => listRunEvents(ctx, input)),

  steps: operation({
    method: "GET",
    path: "/runs/{run_id}/steps",
    permission: "run:read",
    tag,
    summary: "List a run's steps",
  })
    .input(OneRun)
    .output(z.object({ items: z.array(StepViewSchema) }))
    .query(({ ctx, input }) => listRunSteps(ctx, input.run_id)),

  graph: operation({
    method: "GET",
    path: "/runs/{run_id}/graph",
    permission: "run:read",
    tag,
    summary: "Get the graph of the version that ran",
  })
    .input(OneRun)
    .output(SkillGraphSchema)
    .query(({ ctx, input }) => getRunGraph(ctx, input.run_id)),

  diff: operation({
    method: "GET",
    path: "/runs/{run_id}/diff",
    permission: "run:read",
    tag,
    summary: "Compare a run with another one, step by step",
  })
    .input(DiffQuerySchema)
    .output(DiffSchema)
    .query(({ ctx, input: { run_id: runId, with: otherRunId, ...asked } }) => {
      const { step, occurrence = null, from, near, cursor, limit } = asked;
      const pair = { runId, otherRunId };
      if (step !== undefined)
        return diffRunStep(ctx, { ...pair, place: { step_id: step, occurrence } });
      if (near !== undefined) return diffRunRows(ctx, { ...pair, limit, place: { near } });
      if (from !== undefined) return diffRunRows(ctx, { ...pair, limit, place: { from } });
      return diffRun(ctx, { ...pair, cursor, limit });
    }),
});
