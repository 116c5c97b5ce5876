"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Problem } from "../ui/problem.tsx";

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
    <Dialog
      isOpen
      title={`Remove ${channel.name}`}
      description={`Nothing is sent there any more, and what is on its way is given up.${secret} It cannot be undone; to pause it, switch it off.`}
      onClose={onClose}
    >
      <div className="flex flex-col gap-4">
        {remove.error === null ? null : <Problem error={toErrorView(remove.error)} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep it</Button>
          <Button
            look="danger"
            blockedBecause={remove.isPending ? "The request is on its way" : null}
            onClick={() => remove.mutate({ channel_id: channel.channel_id })}
          >
            Remove channel
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
