"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../api/trpc.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";

/** Asks before a channel is removed: a webhook's secret goes with it. */
export function RemoveChannelDialog({
  channel,
  onClose,
}: {
  channel: { channel_id: string; name: string; kind: "webhook" | "email" };
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.notices.removeChannel.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.notices.pathKey() });
        onClose();
      },
    }),
  );
  const secret = channel.kind === "webhook" ? " Its secret goes with it." : "";
  return (
    <ConfirmDialog
      title={`Remove ${channel.name}`}
      description={`Nothing is sent there any more, and what is on its way is given up.${secret} It cannot be undone; to pause it, switch it off.`}
      action="Remove channel"
      request={remove}
      onConfirm={() => remove.mutate({ channel_id: channel.channel_id })}
      onClose={onClose}
    />
  );
}
