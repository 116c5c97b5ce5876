"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { EffectView } from "../../core/effect-view.ts";
import { classNames } from "../ui/class-names.ts";
import { useMediaQuery } from "../ui/use-media-query.ts";
import { EFFECT_COLUMNS, EffectRow } from "./effect-row.tsx";

type EffectListProps = {
  effects: readonly EffectView[];
  chosenId: string | null;
  hasMore: boolean;
  onNearEnd: () => void;
  onChoose: (effectId: string) => void;
};

const HEADS = ["Status", "Capability", "Step", "Receipt", "Announced"];

/** The effects as a table of which only the visible rows exist. */
export function EffectList({ effects, chosenId, hasMore, onNearEnd, onChoose }: EffectListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useMediaQuery("(max-width: 767px)") ?? false;
  const virtualizer = useVirtualizer({
    count: effects.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? 60 : 36),
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => virtualizer.measure(), [virtualizer, isNarrow]);
  const latest = useRef(effects);
  useEffect(() => {
    latest.current = effects;
  }, [effects]);
  // Outside system: the scroll position, which follows the keyboard, but not an effect that new ones push down.
  useEffect(() => {
    const index = latest.current.findIndex((effect) => effect.effect_id === chosenId);
    if (index >= 0) virtualizer.scrollToIndex(index, { align: "auto" });
  }, [virtualizer, chosenId]);
  // Outside system: the server, which has the next page.
  useEffect(() => {
    if (hasMore && last >= effects.length - 20) onNearEnd();
  }, [hasMore, last, effects.length, onNearEnd]);

  return (
    <div
      role="table"
      aria-label="Effects"
      aria-rowcount={effects.length + 1}
      className="flex min-h-0 min-w-0 flex-1 flex-col"
    >
      <div role="rowgroup">
        <div
          role="row"
          aria-rowindex={1}
          className={classNames(
            "h-8 border-b px-4 text-sm text-ink-muted max-md:hidden lg:px-6",
            EFFECT_COLUMNS,
          )}
        >
          {HEADS.map((head) => (
            <span
              role="columnheader"
              key={head}
              className={head === "Announced" ? "text-right" : undefined}
            >
              {head}
            </span>
          ))}
        </div>
      </div>
      <div ref={scroller} role="rowgroup" className="min-h-0 flex-1 overflow-auto" tabIndex={-1}>
        <div
          role="presentation"
          className="relative"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {items.map((item) => {
            const effect = effects[item.index];
            return effect === undefined ? null : (
              <EffectRow
                key={effect.effect_id}
                effect={effect}
                index={item.index}
                isChosen={effect.effect_id === chosenId}
                style={{ top: item.start, height: item.size }}
                onChoose={onChoose}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
