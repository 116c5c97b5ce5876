"use client";

import { useQuery } from "@tanstack/react-query";
import { CapabilitySchema } from "../../core/capability.ts";
import { useTRPC } from "../api/trpc.ts";
import { PropertyList } from "../ui/property-list.tsx";
import { SourceView } from "../ui/source-view.tsx";
import { TabBar } from "../ui/tab-bar.tsx";
import { DetailFrame } from "./detail-frame.tsx";
import { FieldTable } from "./field-table.tsx";
import { EFFECT_WORDS, counted } from "./registry-entry.ts";
import { RegistryLink } from "./registry-link.tsx";
import { useDetailTab } from "./use-detail-tab.ts";
import { VersionList } from "./version-list.tsx";

const TABS = ["contract", "source", "versions"] as const;
const LABELS = { contract: "Contract", source: "Source", versions: "Versions" };

/** One capability: its contract, what it may change outside, and what implements it. */
export function CapabilityDetail({ id }: { id: string }) {
  const trpc = useTRPC();
  const { tab, setTab, version } = useDetailTab(TABS);
  const query = useQuery(
    trpc.capabilities.get.queryOptions(version === null ? { id } : { id, version }),
  );
  const versions = useQuery(
    trpc.capabilities.versions.queryOptions({ id }, { enabled: tab === "versions" }),
  );
  const item = query.data;
  const parsed = CapabilitySchema.safeParse(item?.document);
  return (
    <DetailFrame
      kind="capabilities"
      id={id}
      version={item?.version ?? version}
      isLoading={item === undefined}
      error={query.error}
      onRetry={() => void query.refetch()}
    >
      <p className="max-w-prose px-4 py-3 text-ink-soft lg:px-6">{item?.description}</p>
      <TabBar
        place="page"
        label="Parts of the capability"
        tabs={TABS.map((value) => ({ value, label: LABELS[value] }))}
        value={tab}
        onChange={setTab}
      >
        {tab === "contract" && item !== undefined ? (
          <div className="flex flex-col gap-6 overflow-auto p-4 lg:p-6">
            <PropertyList
              entries={[
                ["Effects", EFFECT_WORDS[item.effect_class]],
                ["Implemented by", counted(item.binding_count, "binding")],
                [
                  "Default binding",
                  item.default_binding_id === null ? (
                    "none chosen"
                  ) : (
                    <RegistryLink key="default" kind="bindings" id={item.default_binding_id} />
                  ),
                ],
                ["Deprecated", item.deprecated ? "yes" : null],
              ]}
            />
            <section className="flex flex-col gap-2">
              <h2 className="font-semibold">Inputs</h2>
              <FieldTable fields={parsed.data?.inputs ?? {}} label="Inputs" />
            </section>
            <section className="flex flex-col gap-2">
              <h2 className="font-semibold">Outputs</h2>
              <FieldTable fields={parsed.data?.outputs ?? {}} label="Outputs" />
            </section>
          </div>
        ) : null}
        {tab === "source" ? (
          <SourceView source={item?.source ?? ""} label={`the source of ${id}`} />
        ) : null}
        {tab === "versions" ? (
          <VersionList
            kind="capabilities"
            id={id}
            current={item?.version ?? ""}
            versions={versions.data?.items.map((one) => ({
              name: one.version,
              hash: one.content_hash,
              importedAt: one.imported_at,
              isDeprecated: one.deprecated,
            }))}
          />
        ) : null}
      </TabBar>
    </DetailFrame>
  );
}
