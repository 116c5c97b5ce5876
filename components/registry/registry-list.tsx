"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import Link from "next/link";
import { useEffect, useRef } from "react";
import { classNames } from "../ui/class-names.ts";
import type { RegistryEntry } from "./registry-entry.ts";
import { KIND_WORDS, registryHref, type RegistryKind } from "./registry-kinds.ts";

type RegistryListProps = {
  kind: RegistryKind;
  items: readonly RegistryEntry[];
  /** The entry that the keyboard stands on, −1 for none. */
  current: number;
  hasMore: boolean;
  onNearEnd: () => void;
};

/** Documents by id, of which only the visible ones exist; each leads to its page. */
export function RegistryList({ kind, items, current, hasMore, onNearEnd }: RegistryListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 52,
    overscan: 10,
  });
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  // Outside system: the scroll position and the focus, which follow the keyboard.
  useEffect(() => {
    if (current < 0) return;
    virtualizer.scrollToIndex(current, { align: "auto" });
    scroller.current?.querySelector<HTMLElement>(`[data-index="${current}"] a`)?.focus();
  }, [virtualizer, current]);
  // Outside system: the server, which has the next page.
  useEffect(() => {
    if (hasMore && last >= items.length - 20) onNearEnd();
  }, [hasMore, last, items.length, onNearEnd]);
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
      <ul
        aria-label={KIND_WORDS[kind].label}
        className="relative"
        style={{ height: virtualizer.getTotalSize() }}
      >
        {rows.map((row) => {
          const item = items[row.index];
          return item === undefined ? null : (
            <li
              key={item.id}
              data-index={row.index}
              className="absolute inset-x-0 h-13 border-b"
              style={{ top: row.start }}
            >
              <Link
                href={registryHref(kind, item.id)}
                className="flex h-full items-center gap-4 px-4 -outline-offset-2 hover:bg-hover lg:px-6"
              >
                <span className="min-w-0 flex-1">
                  <span className="flex items-baseline gap-2">
                    <span
                      className={classNames(
                        "truncate font-medium",
                        item.isDeprecated && "text-ink-muted line-through",
                      )}
                    >
                      {item.title}
                    </span>
                    {item.title === item.id ? null : (
                      <span className="mono truncate text-ink-muted max-sm:hidden">{item.id}</span>
                    )}
                  </span>
                  <span className="block truncate text-sm text-ink-muted">{item.detail}</span>
                </span>
                {item.facts.map((fact) => (
                  <span
                    key={fact}
                    className="w-24 shrink-0 text-right text-sm text-ink-muted max-md:hidden"
                  >
                    {fact}
                  </span>
                ))}
                <span className="mono w-16 shrink-0 text-right text-ink-muted">{item.version}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
