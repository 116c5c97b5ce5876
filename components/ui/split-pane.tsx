"use client";

import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { useStoredNumber } from "./use-stored-number.ts";

type SplitPaneProps = {
  /** Under this name the browser remembers the share of the first pane. */
  name: string;
  direction: "row" | "column";
  initialShare: number;
  label: string;
  first: ReactNode;
  second: ReactNode;
};

const MIN = 0.15;
const MAX = 0.85;

/** Two panes with a divider that drags, takes arrow keys, resets on double click, and is remembered. */
export function SplitPane({ name, direction, initialShare, label, first, second }: SplitPaneProps) {
  const [share, setShare] = useStoredNumber(`orca.pane.${name}`, initialShare);
  const frame = useRef<HTMLDivElement>(null);
  const isRow = direction === "row";
  const set = (value: number) => setShare(Math.min(MAX, Math.max(MIN, value)));

  const onDrag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || frame.current === null) return;
    const box = frame.current.getBoundingClientRect();
    set(isRow ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height);
  };
  const onKey = (event: KeyboardEvent) => {
    const [less, more] = isRow ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    if (event.key !== less && event.key !== more) return;
    event.preventDefault();
    event.stopPropagation();
    set(share + (event.key === less ? -0.02 : 0.02));
  };

  return (
    <div
      ref={frame}
      className={classNames("flex min-h-0 min-w-0 flex-1", isRow ? "flex-row" : "flex-col")}
    >
      <div className="flex min-h-0 min-w-0" style={{ flex: `${share} 1 0` }}>
        {first}
      </div>
      <div
        role="separator"
        tabIndex={0}
        aria-label={label}
        aria-orientation={isRow ? "vertical" : "horizontal"}
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={MIN * 100}
        aria-valuemax={MAX * 100}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onDrag}
        onDoubleClick={() => set(initialShare)}
        onKeyDown={onKey}
        className={classNames(
          "relative z-10 shrink-0 touch-none bg-line transition-colors duration-100 after:absolute hover:bg-accent focus-visible:bg-accent",
          isRow
            ? "w-px cursor-col-resize after:inset-y-0 after:-left-1 after:w-2"
            : "h-px cursor-row-resize after:inset-x-0 after:-top-1 after:h-2",
        )}
      />
      <div className="flex min-h-0 min-w-0" style={{ flex: `${1 - share} 1 0` }}>
        {second}
      </div>
    </div>
  );
}
