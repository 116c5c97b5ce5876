"use client";

import { useSearchParams } from "next/navigation";
import { pushUrl } from "../shell/push-url.ts";
import { type Comparison, parseComparison } from "./compare-href.ts";

/** What the URL says is compared, and the way to open a step of it; every step opened is a step for Back. */
export function useComparison(): [Comparison, (step: string) => void] {
  const comparison = parseComparison(useSearchParams());
  const open = (step: string) => {
    const query = new URLSearchParams(location.search);
    query.set("step", step);
    pushUrl("/compare", query);
  };
  return [comparison, open];
}
