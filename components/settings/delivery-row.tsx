"use client";

import Link from "next/link";
import type { ApiOutputs } from "../api/trpc.ts";
import { TONE_STYLE } from "../runs/status-style.ts";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { useNow } from "../ui/use-now.ts";
import type { Channel } from "./notice-channel-row.tsx";
import { DELIVERY_STYLE, NOTICE_LABEL } from "./notice-words.ts";

type Delivery = ApiOutputs["notices"]["list"]["items"][number];

/** One notice on its way to one channel: what it tells, where it went, and what became of it. */
export function DeliveryRow({
  delivery,
  channel,
  isBusy,
  onSendAgain,
}: {
  delivery: Delivery;
  /** Absent where it was removed. */
  channel: Channel | undefined;
  isBusy: boolean;
  onSendAgain: () => void;
}) {
  const now = useNow();
  const { icon: Icon, label, tone } = DELIVERY_STYLE[delivery.status];
  const { attempts, status, last_error: problem } = delivery;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 px-3 py-2">
      <span
        className={classNames(
          "flex w-32 shrink-0 items-center gap-1.5 font-medium",
          TONE_STYLE[tone].text,
        )}
      >
        <Icon aria-hidden className="size-4 shrink-0" />
        {label}
      </span>
      <span className="min-w-0 flex-1 basis-56">
        <Link
          className="block truncate text-accent hover:underline"
          title={delivery.reason ?? delivery.approval_id}
          href={`/approvals?tab=pending&id=${encodeURIComponent(delivery.approval_id)}`}
        >
          {delivery.reason ?? delivery.approval_id}
        </Link>
        <span className="block break-words text-ink-muted">
          {NOTICE_LABEL[delivery.type]} · {delivery.skill_id} in {delivery.environment} · to{" "}
          {channel?.name ?? "a channel that was removed"}
          {attempts > 1 ? ` · ${attempts} attempts` : ""}
        </span>
        {problem === null || status === "delivered" ? null : (
          <span className="block break-words text-ink-soft">{problem}</span>
        )}
        {status === "pending" && problem !== null && delivery.next_attempt_at !== null ? (
          <span className="block text-ink-muted">
            {Date.parse(delivery.next_attempt_at) > now ? (
              <>
                Tried again <RelativeTime at={delivery.next_attempt_at} />
              </>
            ) : (
              "Sent once the receiver takes something again"
            )}
          </span>
        ) : null}
      </span>
      <span className="text-ink-muted">
        <RelativeTime at={delivery.delivered_at ?? delivery.created_at} />
      </span>
      {status === "dead" ? (
        <Button
          size="small"
          blockedBecause={isBusy ? "The request is on its way" : null}
          onClick={onSendAgain}
          aria-label={`Send the notice to ${channel?.name ?? "a removed channel"} again`}
        >
          Send again
        </Button>
      ) : null}
    </li>
  );
}
