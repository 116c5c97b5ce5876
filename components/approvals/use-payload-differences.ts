"use client";

import { useQueries } from "@tanstack/react-query";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { differingValues, type DifferingValue } from "./differing-values.ts";

/** Reads the payloads of several questions: how each differs from the others; null until all of them are there. */
export function usePayloadDifferences(approvals: readonly ApprovalSummary[]) {
  const trpc = useTRPC();
  return useQueries({
    queries: approvals.map(({ approval_id }) => trpc.approvals.get.queryOptions({ approval_id })),
    combine: (results): { differences: DifferingValue[][] | null; error: unknown } => {
      const payloads = results.flatMap(({ data }) => (data === undefined ? [] : [data.payload]));
      return {
        differences: payloads.length === approvals.length ? differingValues(payloads) : null,
        error: results.find(({ error }) => error !== null)?.error ?? null,
      };
    },
  });
}
