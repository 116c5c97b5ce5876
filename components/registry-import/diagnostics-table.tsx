"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { classNames } from "../ui/class-names.ts";
import { SEVERITY_STYLE } from "./severity-style.ts";
import type { Diagnostic } from "./send-import.ts";

/** What was noticed, each with its place as file:line:column, its code, and what to do about it. */
export function DiagnosticsTable({ diagnostics }: { diagnostics: readonly Diagnostic[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: diagnostics.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 64,
    overscan: 10,
  });
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label="Diagnostics"
      className="max-h-[60vh] overflow-auto rounded-lg border bg-surface -outline-offset-2"
    >
      <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const diagnostic = diagnostics[item.index];
          if (diagnostic === undefined) return null;
          const { icon: Icon, one, tone } = SEVERITY_STYLE[diagnostic.severity];
          return (
            <li
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className="absolute inset-x-0 flex gap-2 border-b px-3 py-2"
              style={{ top: item.start }}
            >
              <Icon aria-label={one} className={classNames("mt-0.5 size-4 shrink-0", tone)} />
              <div className="min-w-0 flex-1">
                <p className="break-words">{diagnostic.message}</p>
                {diagnostic.hint === null ? null : (
                  <p className="break-words text-ink-muted">{diagnostic.hint}</p>
                )}
                <p className="mono flex flex-wrap gap-x-3 text-ink-muted">
                  <span className="break-all">
                    {diagnostic.path}:{diagnostic.line}:{diagnostic.column}
                  </span>
                  <span>{diagnostic.code}</span>
                </p>
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
