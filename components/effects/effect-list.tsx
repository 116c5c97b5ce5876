"use client";

import type { EffectView } from "../../core/effect-view.ts";
import { useMediaQuery } from "../ui/use-media-query.ts";
import { VirtualTable } from "../ui/virtual-table.tsx";
import { EFFECT_COLUMNS, EffectRow } from "./effect-row.tsx";

type EffectListProps = {
  effects: readonly EffectView[];
  chosenId: string | null;
  /** Asks for the next page; null where there is none. */
  onNearEnd: (() => void) | null;
  onChoose: (effectId: string) => void;
};

const HEADS = [
  { name: "Status" },
  { name: "Capability" },
  { name: "Step" },
  { name: "Receipt" },
  { name: "Announced", className: "text-right" },
];
const idOf = (effect: EffectView) => effect.effect_id;

/** The effects, newest first. */
export function EffectList({ effects, chosenId, onNearEnd, onChoose }: EffectListProps) {
  const isNarrow = useMediaQuery("(max-width: 767px)") ?? false;
  return (
    <VirtualTable
      label="Effects"
      columns={EFFECT_COLUMNS}
      heads={HEADS}
      headClassName="max-md:hidden"
      rows={effects}
      keyOf={idOf}
      rowHeight={isNarrow ? 60 : 36}
      currentKey={chosenId}
      onNearEnd={onNearEnd}
      renderRow={(effect, index, style) => (
        <EffectRow
          effect={effect}
          index={index}
          isChosen={effect.effect_id === chosenId}
          style={style}
          onChoose={onChoose}
        />
      )}
    />
  );
}
