"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, Fragment, type ReactNode, useEffect, useRef } from "react";
import { classNames } from "./class-names.ts";

type VirtualTableProps<Row> = {
  label: string;
  /** The CSS grid of head and rows. */
  columns: string;
  heads: readonly { name: string; className?: string }[];
  /** Of the line of heads: narrow screens may do without. */
  headClassName?: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** In pixels, the same for all rows. */
  rowHeight: number;
  /** The row that the keyboard stands on: it is scrolled to when it becomes another one. */
  currentKey?: string | null;
  /** What gets the focus in the current row. */
  focus?: string | null;
  /** Asks for the next page; absent where there is none. */
  onNearEnd?: (() => void) | null;
  /** Makes the scrolled part a stop of the Tab key under this name, for rows in which nothing can be focused. */
  bodyLabel?: string;
  /** Renders one `role="row"` that lies where `style` puts it. */
  renderRow: (row: Row, index: number, style: CSSProperties) => ReactNode;
};

/** So many rows before the last one, the next page is asked for. */
const NEAR_END = 20;

/** A table of which only the visible rows exist. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, heads, headClassName, rows, keyOf, rowHeight, bodyLabel, renderRow } =
    props;
  const { currentKey = null, focus = null, onNearEnd = null } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const latest = useRef({ rows, keyOf });
  useEffect(() => {
    latest.current = { rows, keyOf };
  }, [rows, keyOf]);
  // Outside system: the scroll position and the focus, which follow the keyboard, but not a row that new ones push down.
  useEffect(() => {
    const index = latest.current.rows.findIndex((row) => latest.current.keyOf(row) === currentKey);
    if (index < 0) return;
    virtualizer.scrollToIndex(index, { align: "auto" });
    if (focus !== null) moveFocus(scroller.current, focus);
  }, [virtualizer, currentKey, focus]);
  // Outside system: the server, which has the next page.
  useEffect(() => {
    if (last >= rows.length - NEAR_END) onNearEnd?.();
  }, [last, rows.length, onNearEnd]);

  return (
    <div
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      className="flex min-h-0 min-w-0 flex-1 flex-col"
    >
      <div role="rowgroup">
        <div
          role="row"
          aria-rowindex={1}
          className={classNames(
            "h-8 border-b px-4 text-sm text-ink-muted lg:px-6",
            headClassName,
            columns,
          )}
        >
          {heads.map(({ name, className }) => (
            <span role="columnheader" key={name} className={className}>
              {name}
            </span>
          ))}
        </div>
      </div>
      <div
        ref={scroller}
        role="rowgroup"
        tabIndex={bodyLabel === undefined ? -1 : 0}
        aria-label={bodyLabel}
        className="min-h-0 flex-1 overflow-auto -outline-offset-2"
      >
        <div
          role="presentation"
          className="relative"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {items.map(({ index, start, size }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <Fragment key={keyOf(row)}>
                {renderRow(row, index, { top: start, height: size })}
              </Fragment>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function moveFocus(scroller: HTMLElement | null, selector: string): void {
  const target = scroller?.querySelector<HTMLElement>(selector) ?? null;
  const focused = document.activeElement;
  if (target !== null) target.focus({ preventScroll: true });
  // Otherwise Enter would press what had the focus before.
  else if (focused instanceof HTMLElement && scroller?.contains(focused) === true) focused.blur();
}
