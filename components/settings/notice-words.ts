import { CircleCheck, CircleX, Hourglass, type LucideIcon } from "lucide-react";
import type { DeliveryStatus, NoticeType } from "../../core/notice.ts";
import type { Tone } from "../runs/status-style.ts";

/** What each type of notice tells, in words. */
export const NOTICE_LABEL: Record<NoticeType, string> = {
  "approval.requested": "Somebody is asked",
  "approval.reassigned": "A question goes to others",
  "approval.expiring": "A question expires soon",
};

/** How each status of a delivery looks: shape and word first, hue second. */
export const DELIVERY_STYLE: Record<
  DeliveryStatus,
  { icon: LucideIcon; label: string; tone: Tone }
> = {
  pending: { icon: Hourglass, label: "On its way", tone: "waiting" },
  delivered: { icon: CircleCheck, label: "Delivered", tone: "done" },
  dead: { icon: CircleX, label: "Not delivered", tone: "bad" },
};
