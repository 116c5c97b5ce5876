"use client";

import { useSearchParams } from "next/navigation";
import { pushUrl } from "../shell/push-url.ts";

export const APPROVAL_TABS = ["mine", "pending", "decided"] as const;
export type ApprovalTab = (typeof APPROVAL_TABS)[number];

/** What is chosen on the page of approvals: a list, and one of it; null for no choice yet. */
export type ApprovalChoice = {
  tab: ApprovalTab;
  id: string | null;
  /** What is to be decided together. */
  selected: readonly string[];
};

/** The choice that stands in the URL, and the way to change it. Going along the list is one step for Back. */
export function useApprovalChoice(): [
  ApprovalChoice,
  (change: Partial<ApprovalChoice>, how?: "push" | "replace") => void,
] {
  const choice = parseChoice(new URLSearchParams(useSearchParams()));
  const change = (changes: Partial<ApprovalChoice>, how: "push" | "replace" = "push") => {
    const next = { ...parseChoice(new URLSearchParams(location.search)), ...changes };
    const query = new URLSearchParams();
    if (next.tab !== "mine") query.set("tab", next.tab);
    if (next.id !== null) query.set("id", next.id);
    if (next.selected.length > 0) query.set("selected", next.selected.join(" "));
    pushUrl("/approvals", query, how);
  };
  return [choice, change];
}

function parseChoice(params: URLSearchParams): ApprovalChoice {
  return {
    tab: APPROVAL_TABS.find((tab) => tab === params.get("tab")) ?? "mine",
    id: params.get("id"),
    selected: (params.get("selected") ?? "").split(" ").filter((id) => id !== ""),
  };
}
