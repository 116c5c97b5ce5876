"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { sayDifferences } from "../../core/diff-words.ts";
import { jsonChanges } from "../../core/json-changes.ts";
import type { JsonObject } from "../../core/json.ts";
import type { RunDiff, RunDifference } from "../../core/run-diff-view.ts";
import type { RunDetail } from "../../core/run-view.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { formatBytes } from "../ui/format-bytes.ts";
import { formatDuration } from "../ui/format-duration.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { ChangeList } from "./change-list.tsx";
import { DetailsFrame } from "./details-frame.tsx";
import { SideFacts, type SideFact } from "./side-facts.tsx";

/** How two runs differ as wholes, down to the fields of what went in and came out. */
export function RunDetails({ diff }: { diff: RunDiff }) {
  const { a, b, differences } = diff;
  const isDifferent = (name: RunDifference) => differences.includes(name);
  const facts: SideFact[] = [
    {
      name: "Skill",
      a: a.skill_id,
      b: b.skill_id,
      isDifferent: isDifferent("skill"),
    },
    {
      name: "Version",
      a: a.skill_version,
      b: b.skill_version,
      isDifferent: isDifferent("version"),
    },
    {
      name: "Environment",
      a: a.environment,
      b: b.environment,
      isDifferent: isDifferent("environment"),
    },
    {
      name: "Status",
      a: <StatusBadge status={a.status} />,
      b: <StatusBadge status={b.status} />,
      isDifferent: isDifferent("status"),
    },
    {
      name: "Took",
      a: a.duration_ms === null ? null : formatDuration(a.duration_ms),
      b: b.duration_ms === null ? null : formatDuration(b.duration_ms),
      isDifferent: false,
    },
    {
      name: "Inputs",
      a: formatBytes(a.inputs.bytes),
      b: formatBytes(b.inputs.bytes),
      isDifferent: isDifferent("inputs"),
    },
    {
      name: "Outputs",
      a: a.outputs === null ? null : formatBytes(a.outputs.bytes),
      b: b.outputs === null ? null : formatBytes(b.outputs.bytes),
      isDifferent: isDifferent("outputs"),
    },
  ];
  return (
    <DetailsFrame
      title="The runs as wholes"
      note={
        differences.length === 0
          ? "Inputs, status and outputs are equal."
          : `Differ in ${sayDifferences(differences)}.`
      }
    >
      <SideFacts label="Both runs" facts={facts} />
      {isDifferent("inputs") || isDifferent("outputs") ? <Payloads diff={diff} /> : null}
    </DetailsFrame>
  );
}

function Payloads({ diff: { a, b } }: { diff: RunDiff }) {
  const trpc = useTRPC();
  const [before, after] = [
    useQuery(trpc.runs.get.queryOptions({ run_id: a.run_id })),
    useQuery(trpc.runs.get.queryOptions({ run_id: b.run_id })),
  ];
  const changes = useMemo(
    () =>
      before.data === undefined || after.data === undefined
        ? null
        : jsonChanges(payloadsOf(before.data), payloadsOf(after.data)),
    [before.data, after.data],
  );
  const error = before.error ?? after.error;
  if (changes !== null) return <ChangeList changes={changes} count={changes.length} />;
  if (error === null) return <Skeleton className="h-40 w-full" />;
  return (
    <ErrorState
      error={toErrorView(error)}
      onRetry={() => void Promise.all([before.refetch(), after.refetch()])}
    />
  );
}

function payloadsOf({ inputs, outputs }: RunDetail): JsonObject {
  return outputs === null ? { inputs } : { inputs, outputs };
}
