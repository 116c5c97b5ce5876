"use client";

import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { pushUrl } from "../shell/push-url.ts";
import { type EffectFilter, formatEffectFilter, parseEffectFilter } from "./effect-filter.ts";

type Change = Partial<EffectFilter> & {
  /** The effect that is looked at; null for none. Absent: the same. */
  effectId?: string | null;
};

/** The filter and the chosen effect that stand in the URL, and the way to change them. */
export function useEffectFilter(): {
  filter: EffectFilter;
  effectId: string | null;
  change: (change: Change, how?: "push" | "replace") => void;
} {
  const params = useSearchParams();
  const filter = useMemo(() => parseEffectFilter(new URLSearchParams(params)), [params]);
  const change = ({ effectId, ...changes }: Change, how: "push" | "replace" = "push") => {
    const now = new URLSearchParams(location.search);
    const next = new URLSearchParams(formatEffectFilter({ ...parseEffectFilter(now), ...changes }));
    const chosen = effectId === undefined ? now.get("effect") : effectId;
    if (chosen !== null) next.set("effect", chosen);
    pushUrl("/effects", next, how);
  };
  return { filter, effectId: params.get("effect"), change };
}
