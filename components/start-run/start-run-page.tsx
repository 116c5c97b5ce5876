"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useTRPC } from "../api/trpc.ts";
import { DetailFrame } from "../registry/detail-frame.tsx";
import { StartRunForm } from "./start-run-form.tsx";

/** Starting one skill: the form that its contract makes, filled with the inputs of an earlier run where one is named. */
export function StartRunPage({ skillId }: { skillId: string }) {
  const trpc = useTRPC();
  const params = useSearchParams();
  const version = params.get("version");
  const from = params.get("from");
  const skill = useQuery(
    trpc.skills.get.queryOptions(version === null ? { id: skillId } : { id: skillId, version }),
  );
  const earlier = useQuery(
    trpc.runs.get.queryOptions(from === null ? skipToken : { run_id: from }),
  );
  // A run that cannot be read any more leaves the form empty; it is a convenience.
  const isLoading = skill.data === undefined || (from !== null && earlier.isLoading);
  return (
    <DetailFrame
      kind="skills"
      id={skillId}
      title={skill.data === undefined ? undefined : `Start ${skill.data.name}`}
      version={skill.data?.version ?? version}
      isLoading={isLoading}
      error={skill.data === undefined ? skill.error : null}
      onRetry={() => void skill.refetch()}
    >
      {skill.data === undefined ? null : (
        <StartRunForm
          key={skill.data.content_hash}
          skill={skill.data}
          initial={earlier.data?.inputs ?? {}}
        />
      )}
    </DetailFrame>
  );
}
