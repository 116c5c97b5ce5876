import {
  CircleCheck,
  CircleSlash,
  CircleX,
  CornerUpLeft,
  Hourglass,
  TimerOff,
  type LucideIcon,
} from "lucide-react";
import type { ApprovalRisk, ApprovalStatus } from "../../core/approval.ts";
import type { Tone } from "../runs/status-style.ts";

/** How each status of an approval looks: shape and word first, hue second. */
export const APPROVAL_STYLE: Record<
  ApprovalStatus,
  { icon: LucideIcon; label: string; tone: Tone }
> = {
  pending: { icon: Hourglass, label: "Pending", tone: "waiting" },
  approved: { icon: CircleCheck, label: "Approved", tone: "done" },
  denied: { icon: CircleX, label: "Denied", tone: "bad" },
  pushed_back: { icon: CornerUpLeft, label: "Pushed back", tone: "partial" },
  expired: { icon: TimerOff, label: "Expired", tone: "partial" },
  canceled: { icon: CircleSlash, label: "Canceled", tone: "idle" },
};

/** The words of risks. */
export const RISK_LABEL: Record<ApprovalRisk, string> = {
  low: "low risk",
  medium: "medium risk",
  high: "high risk",
  critical: "critical risk",
};
