"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronsDownUp, ChevronsUpDown, Search, TextWrap } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import type { Json } from "../../core/json.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { TextField } from "../ui/text-field.tsx";
import { findInJson, flattenJson } from "./flatten-json.ts";
import { JsonLine } from "./json-line.tsx";

const OPEN_DEPTH = 2;
const ROW = 20;

/** A JSON value to read: opens and closes, searches, copies paths and values; only visible lines exist. */
export function JsonViewer({ value, label }: { value: Json; label: string }) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [openDepth, setOpenDepth] = useState(OPEN_DEPTH);
  const [typed, setTyped] = useState("");
  const [isWrapped, setIsWrapped] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);

  const found = useMemo(() => (typed === "" ? null : findInJson(value, typed)), [value, typed]);
  const rows = useMemo(
    () =>
      flattenJson(value, (path, depth) =>
        found?.holders.has(path) === true ? true : depth < openDepth !== toggled.has(path),
      ),
    [value, found, openDepth, toggled],
  );
  const matches = useMemo(() => new Set(found?.matches), [found]);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 20,
  });

  const toggle = (path: string) => {
    const next = new Set(toggled);
    if (!next.delete(path)) next.add(path);
    setToggled(next);
  };
  const setDepth = (depth: number) => {
    setOpenDepth(depth);
    setToggled(new Set());
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-1 border-b px-2 py-1">
        <span className="relative min-w-0 flex-1">
          <Search aria-hidden className="absolute top-1.5 left-2 size-3.5 text-ink-muted" />
          <TextField
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            aria-label={`Search in ${label}`}
            placeholder="Search"
            className="h-6.5 border-transparent bg-transparent pl-7 text-sm"
          />
        </span>
        {found === null ? null : (
          <span role="status" className="shrink-0 text-sm text-ink-muted">
            {matches.size} found
          </span>
        )}
        <Button
          look="quiet"
          size="iconSmall"
          aria-label="Open everything"
          title="Open everything"
          onClick={() => setDepth(64)}
        >
          <ChevronsUpDown aria-hidden />
        </Button>
        <Button
          look="quiet"
          size="iconSmall"
          aria-label="Close everything"
          title="Close everything"
          onClick={() => setDepth(1)}
        >
          <ChevronsDownUp aria-hidden />
        </Button>
        <Button
          look="quiet"
          size="iconSmall"
          aria-label="Wrap long lines"
          title="Wrap long lines"
          aria-pressed={isWrapped}
          className="aria-pressed:text-accent"
          onClick={() => setIsWrapped(!isWrapped)}
        >
          <TextWrap aria-hidden />
        </Button>
        <CopyButton text={JSON.stringify(value, null, 2)} label={`Copy ${label} as JSON`} />
      </div>
      <div
        ref={scroller}
        role="tree"
        aria-label={label}
        tabIndex={0}
        className="min-h-24 flex-1 overflow-auto py-1 -outline-offset-2"
      >
        <div
          role="presentation"
          className="relative w-full"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                role="presentation"
                className="absolute inset-x-0"
                style={{ top: item.start }}
              >
                <JsonLine
                  row={row}
                  isMatch={matches.has(row.path)}
                  isWrapped={isWrapped}
                  onToggle={toggle}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
