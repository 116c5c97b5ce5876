"use client";

import { useQuery } from "@tanstack/react-query";
import { BellRing, Plus } from "lucide-react";
import { useState } from "react";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { AddEmailDialog } from "./add-email-dialog.tsx";
import { AddWebhookDialog } from "./add-webhook-dialog.tsx";
import { DeliveryList } from "./delivery-list.tsx";
import { NoticeChannelRow, type Channel } from "./notice-channel-row.tsx";
import { RemoveChannelDialog } from "./remove-channel-dialog.tsx";

/** Where people outside are told of approvals, and what became of it. */
export function NoticeSettings() {
  const trpc = useTRPC();
  const channels = useQuery(trpc.notices.channels.queryOptions());
  const [adding, setAdding] = useState<Channel["kind"] | null>(null);
  const [removing, setRemoving] = useState<Channel | null>(null);
  if (channels.error !== null && channels.data === undefined)
    return (
      <ErrorState error={toErrorView(channels.error)} onRetry={() => void channels.refetch()} />
    );
  const noMail =
    channels.data?.can_send_email === false
      ? "No mail server is configured (ORCA_SMTP_URL and ORCA_SMTP_FROM)"
      : null;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-ink-muted">
          People outside are told when somebody is asked, and before a question expires.
        </p>
        <div className="flex flex-wrap gap-2">
          <Button blockedBecause={noMail} onClick={() => setAdding("email")}>
            <Plus aria-hidden /> Add e-mail
          </Button>
          <Button look="primary" onClick={() => setAdding("webhook")}>
            <Plus aria-hidden /> Add webhook
          </Button>
        </div>
      </div>
      {channels.data === undefined ? (
        <Skeleton className="h-32 w-full" />
      ) : channels.data.items.length === 0 ? (
        <EmptyState icon={BellRing} title="Nobody is told outside yet">
          {noMail === null
            ? "Add a webhook or an e-mail channel."
            : "Add a webhook. For e-mail, start Orca with ORCA_SMTP_URL and ORCA_SMTP_FROM."}
        </EmptyState>
      ) : (
        <ul aria-label="Channels" className="divide-y rounded-lg border bg-surface">
          {channels.data.items.map((channel) => (
            <NoticeChannelRow
              key={channel.channel_id}
              channel={channel}
              onRemove={() => setRemoving(channel)}
            />
          ))}
        </ul>
      )}
      <DeliveryList channels={channels.data?.items ?? []} />
      {adding === "webhook" ? <AddWebhookDialog onClose={() => setAdding(null)} /> : null}
      {adding === "email" ? <AddEmailDialog onClose={() => setAdding(null)} /> : null}
      {removing === null ? null : (
        <RemoveChannelDialog channel={removing} onClose={() => setRemoving(null)} />
      )}
    </>
  );
}
