"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ApprovalDetail } from "../../core/approval-view.ts";
import type { Answer } from "../../core/decide-approval.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";

/** What the viewer can answer, and what became of it. */
export type ApprovalAnswer = ReturnType<typeof useAnswer>;

/** Answers to the payload that is on screen: one that changed meanwhile is refused by its hash. */
export function useAnswer({ approval_id: id, payload_hash: hash }: ApprovalDetail) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: trpc.approvals.pathKey() });
  const decide = useMutation(trpc.approvals.decide.mutationOptions({ onSuccess }));
  const claim = useMutation(trpc.approvals.claim.mutationOptions({ onSuccess }));
  const failure = decide.error ?? claim.error;
  return {
    isBusy: decide.isPending || claim.isPending,
    error: failure === null ? null : toErrorView(failure),
    reset: () => decide.reset(),
    claim: () => claim.mutate({ approval_id: id }),
    send: (answer: Omit<Answer, "payload_hash">, onSent: () => void) =>
      decide.mutate({ approval_id: id, payload_hash: hash, ...answer }, { onSuccess: onSent }),
  };
}
