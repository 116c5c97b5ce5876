"use client";

import type { CSSProperties } from "react";
import type { EffectView } from "../../core/effect-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { classNames } from "../ui/class-names.ts";
import { RelativeTime } from "../ui/relative-time.tsx";

/** The columns of the list, shared by its head and its rows; narrow screens fold them into two lines. */
export const EFFECT_COLUMNS =
  "md:grid md:grid-cols-[104px_minmax(160px,1.4fr)_minmax(96px,1fr)_minmax(96px,1fr)_96px] md:items-center md:gap-4";

type EffectRowProps = {
  effect: EffectView;
  isChosen: boolean;
  index: number;
  style: CSSProperties;
  onChoose: (effectId: string) => void;
};

/** One effect of the list; the button under the capability's name covers the whole row. */
export function EffectRow({ effect, isChosen, index, style, onChoose }: EffectRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={isChosen ? "true" : undefined}
      style={style}
      className={classNames(
        "absolute inset-x-0 flex flex-wrap content-center items-center gap-x-3 gap-y-1 border-b px-4 hover:bg-hover lg:px-6",
        EFFECT_COLUMNS,
        isChosen && "bg-selected hover:bg-selected",
      )}
    >
      <span role="cell" className="flex">
        <StatusBadge status={effect.status} />
      </span>
      <span role="cell" className="min-w-0 truncate max-md:order-first max-md:basis-full">
        <button
          type="button"
          onClick={() => onChoose(effect.effect_id)}
          title={effect.capability_id}
          className="max-w-full truncate text-left outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent max-md:font-medium"
        >
          {effect.capability_id}
        </button>
      </span>
      <span role="cell" className="mono truncate text-ink-soft" title={placeOf(effect)}>
        {placeOf(effect)}
      </span>
      <span
        role="cell"
        className="mono truncate text-ink-soft max-md:hidden"
        title={effect.provider_receipt ?? undefined}
      >
        {effect.provider_receipt ?? <span className="text-ink-muted">–</span>}
      </span>
      <span role="cell" className="text-ink-soft max-md:ml-auto md:text-right">
        <RelativeTime at={effect.created_at} />
      </span>
    </div>
  );
}

function placeOf({ step_path: path, occurrence }: EffectView): string {
  return occurrenceKey(path, occurrence === "" ? undefined : occurrence);
}
