"use client";

import { useQuery } from "@tanstack/react-query";
import { stringify } from "yaml";
import { isJsonObject } from "../../core/json.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { ErrorState } from "../ui/error-state.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { SourceView } from "../ui/source-view.tsx";

/** The step as the version that ran declares it. */
export function StepDefinition({
  skillId,
  version,
  stepId,
}: {
  skillId: string;
  version: string;
  stepId: string;
}) {
  const trpc = useTRPC();
  const skill = useQuery(
    trpc.skills.get.queryOptions({ id: skillId, version }, { staleTime: Infinity }),
  );
  if (skill.error !== null)
    return <ErrorState error={toErrorView(skill.error)} onRetry={() => void skill.refetch()} />;
  if (skill.data === undefined) return <Skeleton className="m-4 h-40" />;
  const steps = skill.data.document["steps"];
  const step = Array.isArray(steps)
    ? steps.find((one) => isJsonObject(one) && one["id"] === stepId)
    : undefined;
  return <SourceView source={stringify(step ?? null)} label={`the definition of ${stepId}`} />;
}
