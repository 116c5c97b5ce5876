"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { JsonObject } from "../../core/json.ts";
import { useTRPC, useTRPCClient } from "../api/trpc.ts";
import type { PlanWish } from "./plan-href.ts";

/** What carrying a wish out is asked with. */
export function wishInput(
  runId: string,
  { step, checkpoint }: PlanWish,
  inputs: JsonObject | null,
) {
  return {
    run_id: runId,
    ...(step === null ? {} : { step }),
    ...(checkpoint === null ? {} : { checkpoint_id: checkpoint }),
    ...(inputs === null ? {} : { edits: { inputs } }),
  };
}

/** The plan of a wish, made anew whenever the page is looked at again. */
export function usePlan(runId: string, wish: PlanWish, inputs: JsonObject | null) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const input = { ...wishInput(runId, wish, inputs), operation: wish.operation };
  return useQuery({
    queryKey: [...trpc.runs.plan.mutationKey(), input],
    queryFn: () => client.runs.plan.mutate(input),
    placeholderData: keepPreviousData,
  });
}
