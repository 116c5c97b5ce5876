"use client";

import { useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import Link from "next/link";
import { useTRPC } from "../api/trpc.ts";
import { RunGraph } from "../run-graph/run-graph.tsx";
import { usePageKeys } from "../shell/page-keys.tsx";
import { buttonStyle } from "../ui/button.tsx";
import { SourceView } from "../ui/source-view.tsx";
import { TabBar } from "../ui/tab-bar.tsx";
import { useMediaQuery } from "../ui/use-media-query.ts";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { DetailFrame } from "./detail-frame.tsx";
import { FieldTable } from "./field-table.tsx";
import { registryHref } from "./registry-kinds.ts";
import { SkillRuns } from "./skill-runs.tsx";
import { SkillStep } from "./skill-step.tsx";
import { useDetailTab } from "./use-detail-tab.ts";
import { VersionList } from "./version-list.tsx";

const TABS = ["graph", "contract", "source", "versions", "runs"] as const;
const LABELS = {
  graph: "Graph",
  contract: "Inputs and outputs",
  source: "Source",
  versions: "Versions",
  runs: "Recent runs",
};

/** One skill: what it does, its steps as a graph, its contract, its file, its versions, and the way to start it. */
export function SkillDetail({ id }: { id: string }) {
  const trpc = useTRPC();
  const { tab, setTab, version } = useDetailTab(TABS);
  const at = version === null ? { id } : { id, version };
  const skill = useQuery(trpc.skills.get.queryOptions(at));
  const graph = useQuery(trpc.skills.graph.queryOptions(at, { enabled: tab === "graph" }));
  const versions = useQuery(
    trpc.skills.versions.queryOptions({ id }, { enabled: tab === "versions" }),
  );
  const [step, setStep] = useState<string | null>(null);
  const hasRoom = useMediaQuery("(min-width: 1024px)") ?? true;
  const router = useRouter();
  const start = `${registryHref("skills", id)}/start${version === null ? "" : `?version=${encodeURIComponent(version)}`}`;
  usePageKeys([{ key: "s", label: "Start a run", run: () => router.push(start) }]);
  const chosen = graph.data?.steps.find((one) => one.step_id === step);
  return (
    <DetailFrame
      kind="skills"
      id={id}
      title={skill.data?.name}
      version={skill.data?.version ?? version}
      isLoading={skill.data === undefined}
      error={skill.error}
      onRetry={() => void skill.refetch()}
      actions={
        <Link href={start} className={buttonStyle({ look: "primary" })}>
          <Play aria-hidden /> Start a run
        </Link>
      }
    >
      <p className="max-w-prose px-4 py-3 text-ink-soft lg:px-6">{skill.data?.description}</p>
      <TabBar
        place="page"
        label="Parts of the skill"
        tabs={TABS.map((value) => ({ value, label: LABELS[value] }))}
        value={tab}
        onChange={setTab}
      >
        {tab === "graph" ? (
          <div className="flex min-h-80 flex-1">
            {hasRoom ? (
              <RunGraph graph={graph.data} groups={null} selectedStep={step} onSelect={setStep} />
            ) : (
              <p className="p-4 text-ink-muted">
                The graph needs a window of at least 1024 px. The source lists the same steps.
              </p>
            )}
            {chosen === undefined || !hasRoom ? null : (
              <SkillStep
                step={chosen}
                document={skill.data?.document ?? {}}
                onClose={() => setStep(null)}
              />
            )}
          </div>
        ) : null}
        {tab === "contract" ? (
          <div className="flex flex-col gap-6 overflow-auto p-4 lg:p-6">
            <section className="flex flex-col gap-2">
              <h2 className="font-semibold">Inputs</h2>
              <FieldTable fields={skill.data?.inputs ?? {}} label="Inputs" />
            </section>
            <section className="flex flex-col gap-2">
              <h2 className="font-semibold">Outputs</h2>
              <FieldTable fields={skill.data?.outputs ?? {}} label="Outputs" />
            </section>
          </div>
        ) : null}
        {tab === "source" ? (
          <SourceView
            source={skill.data?.source ?? ""}
            label={`the source of ${id}`}
            marks={skill.data?.diagnostics ?? []}
          />
        ) : null}
        {tab === "versions" ? (
          <VersionList
            kind="skills"
            id={id}
            current={skill.data?.version ?? ""}
            versions={versions.data?.items.map((one) => ({
              name: one.version,
              hash: one.content_hash,
              importedAt: one.imported_at,
              isDeprecated: one.deprecated,
            }))}
          />
        ) : null}
        {tab === "runs" ? <SkillRuns id={id} /> : null}
      </TabBar>
    </DetailFrame>
  );
}
