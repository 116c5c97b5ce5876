"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { classNames } from "./class-names.ts";
import { CopyButton } from "./copy-button.tsx";

export type SourceMark = { line: number; severity: "error" | "warning" | "info"; message: string };

type SourceViewProps = {
  source: string;
  label: string;
  marks?: readonly SourceMark[];
  /** The line to bring into view, counted from 1. */
  focusLine?: number | null;
};

const NO_MARKS: readonly SourceMark[] = [];
const MARK_STYLE = {
  error: "bg-bad-soft text-bad",
  warning: "bg-waiting-soft text-waiting",
  info: "bg-idle-soft text-idle",
};

/** Text with line numbers, and what is to be said about a line right below it. */
export function SourceView({ source, label, marks = NO_MARKS, focusLine = null }: SourceViewProps) {
  const lines = useMemo(() => source.replace(/\n$/, "").split("\n"), [source]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    overscan: 30,
  });
  // Outside system: the scroll position.
  useEffect(() => {
    if (focusLine !== null) virtualizer.scrollToIndex(focusLine - 1, { align: "center" });
  }, [virtualizer, focusLine]);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <span className="absolute top-2 right-4 z-10 rounded-md bg-surface">
        <CopyButton text={source} label={`Copy ${label}`} />
      </span>
      <div
        ref={scroller}
        role="region"
        aria-label={label}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto py-2 -outline-offset-2"
      >
        <div className="relative min-w-max" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const marked = marks.filter((mark) => mark.line === item.index + 1);
            return (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                className={classNames(
                  "absolute inset-x-0",
                  item.index + 1 === focusLine && "bg-selected",
                )}
                style={{ top: item.start }}
              >
                <div className="mono flex whitespace-pre">
                  <span
                    aria-hidden
                    className="w-12 shrink-0 pr-4 text-right text-ink-muted select-none"
                  >
                    {item.index + 1}
                  </span>
                  <YamlLine text={lines[item.index] ?? ""} />
                </div>
                {marked.map((mark) => (
                  <p
                    key={mark.message}
                    className={classNames(
                      "ml-12 max-w-prose rounded-sm px-2 text-sm",
                      MARK_STYLE[mark.severity],
                    )}
                  >
                    {mark.message}
                  </p>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function YamlLine({ text }: { text: string }) {
  if (/^\s*#/.test(text)) return <span className="text-ink-muted">{text}</span>;
  const match = /^(\s*(?:- )*)([\w.$-]+)(:)(\s.*)?$/.exec(text);
  if (match === null) return <span>{text === "" ? " " : text}</span>;
  const [, indent = "", key = "", colon = "", rest = ""] = match;
  return (
    <span>
      {indent}
      <span className="text-accent">{key}</span>
      {colon}
      {rest}
    </span>
  );
}
