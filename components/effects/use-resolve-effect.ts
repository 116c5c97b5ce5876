"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import type { SaidOfDoubt } from "./doubt-words.ts";

/** Settles an effect in doubt; what the page shows of it and of its run is read again. */
export function useResolveEffect(effectId: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const resolve = useMutation(
    trpc.effects.resolve.mutationOptions({
      onSuccess: () =>
        Promise.all(
          [trpc.effects.pathKey(), trpc.approvals.pathKey(), trpc.runs.pathKey()].map((queryKey) =>
            queryClient.invalidateQueries({ queryKey }),
          ),
        ),
    }),
  );
  return {
    isBusy: resolve.isPending,
    error: resolve.error === null ? null : toErrorView(resolve.error),
    onAsk: () => resolve.reset(),
    send: (said: SaidOfDoubt, onSent: () => void) =>
      resolve.mutate({ effect_id: effectId, ...said }, { onSuccess: onSent }),
  };
}
