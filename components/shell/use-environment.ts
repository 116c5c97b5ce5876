"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../api/trpc.ts";
import { useCurrentEnvironment } from "./current-environment.ts";

/** The environments that the viewer may use and the one chosen; the first one where none was chosen or it is gone. */
export function useEnvironment(): { environments: readonly string[]; environment: string | null } {
  const trpc = useTRPC();
  const me = useQuery(trpc.me.get.queryOptions());
  const chosen = useCurrentEnvironment();
  const environments = me.data?.environments ?? [];
  const known = environments.find((name) => name === chosen);
  return { environments, environment: known ?? environments[0] ?? null };
}
