"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { pushUrl } from "../shell/push-url.ts";

export const INSPECTOR_TABS = [
  "overview",
  "input",
  "output",
  "attempts",
  "effects",
  "binding",
  "events",
  "definition",
] as const;
export type InspectorTab = (typeof INSPECTOR_TABS)[number];

const CHECKPOINT_TABS = ["changes", "state"] as const;
export type CheckpointTab = (typeof CHECKPOINT_TABS)[number];

const TABS = [...INSPECTOR_TABS, ...CHECKPOINT_TABS];

export const LOWER_PANELS = ["timeline", "events"] as const;
export type LowerPanel = (typeof LOWER_PANELS)[number];

/**
 * What is chosen on a run's page. `step` is `step` or `step#occurrence`, "" for the run, null for no choice yet;
 * `checkpoint` is the id of one, null to see the run as it is.
 */
export type Selection = {
  step: string | null;
  checkpoint: string | null;
  tab: InspectorTab | CheckpointTab;
  panel: LowerPanel;
};

/** The selection that stands in the URL, and the way to change it; every choice that is pushed is a step for Back. */
export function useSelection(): [
  Selection,
  (change: Partial<Selection>, how?: "push" | "replace") => void,
] {
  const selection = parseSelection(new URLSearchParams(useSearchParams()));
  const path = usePathname();
  const change = (changes: Partial<Selection>, how: "push" | "replace" = "push") => {
    // Of two quick choices the second must not undo the first, which the page may not have drawn yet.
    const next = { ...parseSelection(new URLSearchParams(location.search)), ...changes };
    const query = new URLSearchParams();
    if (next.step !== null) query.set("step", next.step);
    if (next.checkpoint !== null) query.set("checkpoint", next.checkpoint);
    if (next.tab !== "overview") query.set("tab", next.tab);
    if (next.panel !== "timeline") query.set("panel", next.panel);
    pushUrl(path, query, how);
  };
  return [selection, change];
}

function parseSelection(params: URLSearchParams): Selection {
  return {
    step: params.get("step"),
    checkpoint: params.get("checkpoint"),
    tab: TABS.find((tab) => tab === params.get("tab")) ?? "overview",
    panel: LOWER_PANELS.find((panel) => panel === params.get("panel")) ?? "timeline",
  };
}
