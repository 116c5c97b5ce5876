"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { pushUrl } from "../shell/push-url.ts";

/** The tab of a document's page and the version shown; both stand in the URL. The first tab is the default. */
export function useDetailTab<T extends string>(
  tabs: readonly [T, ...T[]],
): { tab: T; setTab: (tab: T) => void; version: string | null } {
  const params = useSearchParams();
  const path = usePathname();
  const asked = params.get("tab");
  return {
    tab: tabs.find((tab) => tab === asked) ?? tabs[0],
    version: params.get("version"),
    setTab: (tab) => {
      const next = new URLSearchParams(location.search);
      if (tab === tabs[0]) next.delete("tab");
      else next.set("tab", tab);
      pushUrl(path, next);
    },
  };
}
