/** What people outside are told of (`docs/how-to/receive-notices.md`). */
export const NOTICE_TYPES = [
  "approval.requested",
  "approval.reassigned",
  "approval.expiring",
] as const;

export type NoticeType = (typeof NOTICE_TYPES)[number];

/** What a channel gets when somebody tries it. */
export const TEST_NOTICE = "channel.test";

export const NOTICE_CHANNEL_KINDS = ["webhook", "email"] as const;

export const DELIVERY_STATUSES = ["pending", "delivered", "dead"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** When what could not be delivered is tried again, and after how many attempts it is given up. */
export type DeliverySchedule = {
  firstDelayMs: number;
  factor: number;
  maxDelayMs: number;
  maxAttempts: number;
};

/** 5 s, 20 s, 80 s and so on, six hours at most: ten attempts within about twenty hours. */
export const DELIVERY_SCHEDULE: DeliverySchedule = {
  firstDelayMs: 5_000,
  factor: 4,
  maxDelayMs: 6 * 3_600_000,
  maxAttempts: 10,
};

/**
 * How long to wait after so many failed attempts; null where it is given up. `random` from 0 to 1 spreads the delay by
 * ±10 %, so that receivers that come back are not met by all at once.
 */
export function nextDeliveryDelayMs(
  schedule: DeliverySchedule,
  attempts: number,
  random: number,
): number | null {
  if (attempts >= schedule.maxAttempts) return null;
  const delay = schedule.firstDelayMs * schedule.factor ** Math.max(attempts - 1, 0);
  return Math.round(Math.min(delay, schedule.maxDelayMs) * (0.9 + 0.2 * random));
}
