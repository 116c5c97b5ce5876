"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { BellRing, Plus } from "lucide-react";
import { useState } from "react";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC, type ApiOutputs } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Problem } from "../ui/problem.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { AddWebhookDialog } from "./add-webhook-dialog.tsx";
import { DeadNotices } from "./dead-notices.tsx";

type Channel = ApiOutputs["notices"]["channels"]["items"][number];

/** Where people outside are told of approvals, and what could not be delivered. */
export function NoticeSettings() {
  const trpc = useTRPC();
  const channels = useQuery(trpc.notices.channels.queryOptions());
  const [isAdding, setIsAdding] = useState(false);
  if (channels.error !== null && channels.data === undefined)
    return (
      <ErrorState error={toErrorView(channels.error)} onRetry={() => void channels.refetch()} />
    );
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-ink-muted">
          People outside are told when somebody is asked, and before a question expires.
        </p>
        <Button look="primary" onClick={() => setIsAdding(true)}>
          <Plus aria-hidden /> Add webhook
        </Button>
      </div>
      {channels.data === undefined ? (
        <Skeleton className="h-32 w-full" />
      ) : channels.data.items.length === 0 ? (
        <EmptyState icon={BellRing} title="Nobody is told outside yet">
          Add a webhook, or an e-mail channel with{" "}
          <code className="mono">orca notices add-email</code>.
        </EmptyState>
      ) : (
        <ul aria-label="Channels" className="divide-y rounded-lg border bg-surface">
          {channels.data.items.map((channel) => (
            <ChannelRow key={channel.channel_id} channel={channel} />
          ))}
        </ul>
      )}
      <DeadNotices />
      {isAdding ? <AddWebhookDialog onClose={() => setIsAdding(false)} /> : null}
    </>
  );
}

function ChannelRow({ channel }: { channel: Channel }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: trpc.notices.pathKey() });
  const flip = useMutation(trpc.notices.switchChannel.mutationOptions({ onSuccess }));
  const remove = useMutation(trpc.notices.removeChannel.mutationOptions({ onSuccess }));
  const { channel_id: id, name, is_enabled: isEnabled, environment } = channel;
  const failure = flip.error ?? remove.error;
  const busy = flip.isPending || remove.isPending ? "The request is on its way" : null;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium">{name}</span>
        <span className="mono block truncate text-ink-muted">
          {channel.url ?? channel.recipients.join(", ")}
        </span>
      </span>
      <span className="text-ink-muted">
        {environment ?? "all environments"} · {isEnabled ? "on" : "off"}
      </span>
      <Button
        size="small"
        blockedBecause={busy}
        onClick={() => flip.mutate({ channel_id: id, is_enabled: !isEnabled })}
        aria-label={`Switch ${name} ${isEnabled ? "off" : "on"}`}
      >
        Switch {isEnabled ? "off" : "on"}
      </Button>
      <Button
        size="small"
        look="danger"
        blockedBecause={busy}
        onClick={() => remove.mutate({ channel_id: id })}
        aria-label={`Remove ${name}`}
      >
        Remove
      </Button>
      {failure === null ? null : <Problem error={toErrorView(failure)} />}
    </li>
  );
}
