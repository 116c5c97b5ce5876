"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC, useTRPCClient } from "../api/trpc.ts";
import type { PlanEdits, PlanWish } from "./plan-href.ts";

/** What carrying a wish out is asked with. */
export function wishInput(
  runId: string,
  { step, checkpoint, version, overrides, stepMap, bindings }: PlanWish,
  { inputs, vars }: PlanEdits,
) {
  return {
    run_id: runId,
    ...(step === null ? {} : { step }),
    ...(checkpoint === null ? {} : { checkpoint_id: checkpoint }),
    edits: {
      ...(inputs === null ? {} : { inputs }),
      ...(vars === null ? {} : { vars }),
      ...(version === null ? {} : { version }),
      bindings: { ...bindings },
    },
    step_map: { ...stepMap },
    overrides: { ...overrides },
  };
}

/** The plan of a wish, made anew whenever the page is looked at again. */
export function usePlan(runId: string, wish: PlanWish, edits: PlanEdits) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const input = { ...wishInput(runId, wish, edits), operation: wish.operation };
  return useQuery({
    queryKey: [...trpc.runs.plan.mutationKey(), input],
    queryFn: () => client.runs.plan.mutate(input),
    placeholderData: keepPreviousData,
  });
}
