"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pin, PinOff } from "lucide-react";
import { toast } from "sonner";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";

/** Pins a checkpoint, so that it is kept, or takes its pin away. */
export function PinButton({
  runId,
  checkpointId,
  isPinned,
}: {
  runId: string;
  checkpointId: string;
  isPinned: boolean;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const me = useQuery(trpc.me.get.queryOptions());
  const options = {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.checkpoints.list.queryKey() }),
    onError: (error: unknown) => void toast.error(toErrorView(error).message),
  };
  const pin = useMutation(trpc.checkpoints.pin.mutationOptions(options));
  const unpin = useMutation(trpc.checkpoints.unpin.mutationOptions(options));
  const isAllowed = me.data?.permissions.includes("checkpoint:pin") ?? true;
  const isBusy = pin.isPending || unpin.isPending;
  return (
    <Button
      size="small"
      blockedBecause={
        !isAllowed
          ? `Your role ${me.data?.role ?? ""} does not include checkpoint:pin`
          : isBusy
            ? "The request is on its way"
            : null
      }
      onClick={() =>
        (isPinned ? unpin : pin).mutate({ run_id: runId, checkpoint_id: checkpointId })
      }
    >
      {isPinned ? <PinOff aria-hidden /> : <Pin aria-hidden />} {isPinned ? "Unpin" : "Pin"}
    </Button>
  );
}
