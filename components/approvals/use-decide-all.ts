"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC, useTRPCClient } from "../api/trpc.ts";

/** Decisions that are under way at once. */
const AT_ONCE = 5;

/** What became of several: how many were decided, and why others were not. */
export type DecidedAll = { decided: number; refused: { approval: ApprovalSummary; why: string }[] };

/** Gives the same answer to several questions, to each as it was listed: one that changed meanwhile is refused by its hash. */
export function useDecideAll() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (answer: {
      approvals: readonly ApprovalSummary[];
      decision: "approve" | "deny";
      comment: string;
    }): Promise<DecidedAll> => {
      const told: DecidedAll = { decided: 0, refused: [] };
      const left = [...answer.approvals];
      const work = async () => {
        for (let approval = left.shift(); approval !== undefined; approval = left.shift()) {
          try {
            await client.approvals.decide.mutate({
              approval_id: approval.approval_id,
              payload_hash: approval.payload_hash,
              decision: answer.decision,
              ...(answer.comment === "" ? {} : { comment: answer.comment }),
            });
            told.decided += 1;
          } catch (error) {
            told.refused.push({ approval, why: toErrorView(error).message });
          }
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return told;
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.approvals.pathKey() }),
  });
}
