"use client";

import { useDetailTab } from "../registry/use-detail-tab.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { TabBar } from "../ui/tab-bar.tsx";
import { ApiKeys } from "./api-keys.tsx";
import { EnvironmentList } from "./environment-list.tsx";
import { GroupSettings } from "./group-settings.tsx";
import { NoticeSettings } from "./notice-settings.tsx";
import { WorkerList } from "./worker-list.tsx";

const TABS = ["keys", "environments", "workers", "groups", "notices"] as const;
const LABELS = {
  keys: "API keys",
  environments: "Environments",
  workers: "Workers",
  groups: "Groups",
  notices: "Notices",
};

/** What belongs to the tenant rather than to a run. */
export function SettingsPage() {
  const { tab, setTab } = useDetailTab(TABS);
  return (
    <>
      <PageHeader title="Settings" />
      <TabBar
        place="page"
        label="Settings"
        tabs={TABS.map((value) => ({ value, label: LABELS[value] }))}
        value={tab}
        onChange={setTab}
      >
        <div className="flex flex-col gap-4 overflow-auto p-4 lg:p-6">
          {tab === "keys" ? <ApiKeys /> : null}
          {tab === "environments" ? <EnvironmentList /> : null}
          {tab === "workers" ? <WorkerList /> : null}
          {tab === "groups" ? <GroupSettings /> : null}
          {tab === "notices" ? <NoticeSettings /> : null}
        </div>
      </TabBar>
    </>
  );
}
