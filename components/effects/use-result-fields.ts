"use client";

import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { FieldsSchema, type Fields } from "../../core/field.ts";
import { RUNTIME_MANAGED_OUTPUTS } from "../../core/runtime-managed-outputs.ts";
import { useTRPC } from "../api/trpc.ts";

const DocumentSchema = z.object({ outputs: FieldsSchema.default({}) });
const MANAGED: readonly string[] = RUNTIME_MANAGED_OUTPUTS;

/** What a call of a capability brings, without what the runtime fills itself; null while it is not known. */
export function useResultFields(capabilityId: string): Fields | null {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.capabilities.get.queryOptions({ id: capabilityId }, { retry: false }),
  );
  // A capability that is gone says nothing of its outputs: any map is taken, and the server decides.
  if (query.error !== null) return {};
  const parsed = DocumentSchema.safeParse(query.data?.document);
  if (!parsed.success) return null;
  return Object.fromEntries(
    Object.entries(parsed.data.outputs).filter(([name]) => !MANAGED.includes(name)),
  );
}
