import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CirclePlay,
  CircleQuestionMark,
  CircleSlash,
  CircleX,
  Hourglass,
  Recycle,
  RotateCcw,
  Send,
  SkipForward,
  Timer,
  TriangleExclamationPoint,
  Undo2,
  UserRound,
  type LucideIcon,
} from "lucide-react";
import type { EffectStatus } from "../../core/effect-view.ts";
import type { RunStatus } from "../../core/run.ts";
import type { StepStatus } from "../../core/step.ts";

/** What a hue may mean. There are no others on a page. */
export type Tone = "running" | "waiting" | "done" | "bad" | "idle" | "partial";

/** Every status that can be shown; `not_reached` is a pending step of a run that has ended. */
export type AnyStatus = RunStatus | StepStatus | EffectStatus | "not_reached";

/**
 * How each status looks: a shape and a word first, a hue second. Badge, graph node, timeline bar and legend all
 * read this table, so a new status does not compile until it has a look.
 */
export const STATUS_STYLE: Record<AnyStatus, { icon: LucideIcon; label: string; tone: Tone }> = {
  pending: { icon: CircleDashed, label: "Pending", tone: "idle" },
  ready: { icon: CircleDot, label: "Ready", tone: "idle" },
  running: { icon: CirclePlay, label: "Running", tone: "running" },
  paused: { icon: CirclePause, label: "Paused", tone: "waiting" },
  retry_scheduled: { icon: Timer, label: "Retry due", tone: "waiting" },
  waiting_for_human: { icon: UserRound, label: "Needs a person", tone: "waiting" },
  waiting_for_signal: { icon: Hourglass, label: "Waiting", tone: "waiting" },
  replaying: { icon: RotateCcw, label: "Replaying", tone: "running" },
  compensating: { icon: Undo2, label: "Undoing", tone: "partial" },
  completed: { icon: CircleCheck, label: "Completed", tone: "done" },
  failed: { icon: CircleX, label: "Failed", tone: "bad" },
  canceled: { icon: CircleSlash, label: "Canceled", tone: "idle" },
  skipped: { icon: SkipForward, label: "Skipped", tone: "idle" },
  degraded: { icon: TriangleExclamationPoint, label: "Degraded", tone: "partial" },
  not_reached: { icon: CircleDashed, label: "Not reached", tone: "idle" },
  compensated: { icon: Undo2, label: "Undone", tone: "partial" },
  attempted: { icon: Send, label: "Sent", tone: "running" },
  recorded: { icon: CircleCheck, label: "Recorded", tone: "done" },
  in_doubt: { icon: CircleQuestionMark, label: "Unknown", tone: "waiting" },
  reused: { icon: Recycle, label: "Reused", tone: "idle" },
  blocked: { icon: Ban, label: "Blocked", tone: "waiting" },
};

/** The class names of each tone: as text, on a soft ground, as a solid bar. */
export const TONE_STYLE: Record<Tone, { text: string; soft: string; bar: string; border: string }> =
  {
    running: {
      text: "text-running",
      soft: "bg-running-soft",
      bar: "bg-running",
      border: "border-running",
    },
    waiting: {
      text: "text-waiting",
      soft: "bg-waiting-soft",
      bar: "bg-waiting",
      border: "border-waiting",
    },
    done: { text: "text-done", soft: "bg-done-soft", bar: "bg-done", border: "border-done" },
    bad: { text: "text-bad", soft: "bg-bad-soft", bar: "bg-bad", border: "border-bad" },
    idle: { text: "text-idle", soft: "bg-idle-soft", bar: "bg-idle", border: "border-line-strong" },
    partial: {
      text: "text-partial",
      soft: "bg-partial-soft",
      bar: "bg-partial",
      border: "border-partial",
    },
  };
