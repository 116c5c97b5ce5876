"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Eligible } from "../../core/approval.ts";
import type { ApprovalDetail } from "../../core/approval-view.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC, type ApiInputs } from "../api/trpc.ts";

type Answer = Omit<ApiInputs["approvals"]["decide"], "approval_id" | "payload_hash">;

/** What the viewer can answer, and what became of it. */
export type ApprovalAnswer = ReturnType<typeof useAnswer>;

/** Answers to the payload that is on screen: one that changed meanwhile is refused by its hash. */
export function useAnswer({ approval_id: id, payload_hash: hash }: ApprovalDetail) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: trpc.approvals.pathKey() });
  // What was refused may have been planned on what is not so any more.
  const onError = () => queryClient.invalidateQueries({ queryKey: trpc.runs.plan.mutationKey() });
  const decide = useMutation(trpc.approvals.decide.mutationOptions({ onSuccess, onError }));
  const claim = useMutation(trpc.approvals.claim.mutationOptions({ onSuccess }));
  const release = useMutation(trpc.approvals.release.mutationOptions({ onSuccess }));
  const reassign = useMutation(trpc.approvals.reassign.mutationOptions({ onSuccess }));
  const mutations = [decide, claim, release, reassign];
  const failure = mutations.find(({ error }) => error !== null)?.error ?? null;
  return {
    isBusy: mutations.some(({ isPending }) => isPending),
    error: failure === null ? null : toErrorView(failure),
    reset: () => {
      for (const mutation of mutations) mutation.reset();
    },
    claim: () => claim.mutate({ approval_id: id }),
    release: () => release.mutate({ approval_id: id }),
    reassign: (to: Eligible & { comment?: string }, onSent: () => void) =>
      reassign.mutate({ approval_id: id, ...to }, { onSuccess: onSent }),
    send: (answer: Answer, onSent: () => void) =>
      decide.mutate({ approval_id: id, payload_hash: hash, ...answer }, { onSuccess: onSent }),
  };
}
