"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { PlannedOperation } from "../../core/run-view.ts";
import { useTRPC, useTRPCClient } from "../api/trpc.ts";
import type { PlanEdits, PlanWish } from "./plan-href.ts";

type Wish = Omit<PlanWish, "operation">;

/** What carrying a wish out is asked with. */
export function wishInput(
  runId: string,
  { step, checkpoint, version, overrides, stepMap, bindings }: Wish,
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
export function usePlan(
  runId: string,
  wish: Wish & { operation: PlannedOperation },
  edits: PlanEdits,
  { isEnabled = true }: { isEnabled?: boolean } = {},
) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const input = { ...wishInput(runId, wish, edits), operation: wish.operation };
  return useQuery({
    queryKey: [...trpc.runs.plan.mutationKey(), input],
    queryFn: () => client.runs.plan.mutate(input),
    enabled: isEnabled,
    placeholderData: keepPreviousData,
  });
}
