"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import { classNames } from "../ui/class-names.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { jsonText } from "./json-text.ts";
import type { JsonRow } from "./flatten-json.ts";

/** Longer texts are cut on screen; copying gives them whole. */
const MOST_CHARACTERS = 2_000;

type JsonLineProps = {
  row: JsonRow;
  isMatch: boolean;
  isWrapped: boolean;
  onToggle: (path: string) => void;
};

/** One line of a JSON value. */
export function JsonLine({ row, isMatch, isWrapped, onToggle }: JsonLineProps) {
  const canOpen = row.size !== null && row.size > 0;
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      {...(canOpen ? { "aria-expanded": row.isOpen } : {})}
      aria-selected={isMatch}
      className={classNames(
        "group mono flex min-h-5 items-start pr-2 hover:bg-hover",
        isMatch && "bg-selected",
      )}
      style={{ paddingLeft: 8 + Math.min(row.depth, 24) * 14 }}
    >
      {canOpen ? (
        <button
          type="button"
          onClick={() => onToggle(row.path)}
          aria-label={`${row.isOpen ? "Close" : "Open"} ${row.path === "" ? "the whole value" : row.path}`}
          className="-ml-1 flex h-5 w-5 shrink-0 items-center justify-center rounded-sm text-ink-muted hover:text-ink"
        >
          {row.isOpen ? (
            <ChevronDown aria-hidden className="size-3.5" />
          ) : (
            <ChevronRight aria-hidden className="size-3.5" />
          )}
        </button>
      ) : (
        <span className="-ml-1 w-5 shrink-0" />
      )}
      {row.name === null ? null : <span className="shrink-0 pr-2 text-ink-muted">{row.name}:</span>}
      <span
        className={classNames(
          "min-w-0 flex-1",
          isWrapped ? "break-words whitespace-pre-wrap" : "truncate",
        )}
      >
        {valueText(row)}
      </span>
      <span className="flex shrink-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
        {row.path === "" ? null : (
          <CopyButton text={row.path} label={`Copy the path ${row.path}`} className="h-5 w-5" />
        )}
      </span>
    </div>
  );
}

function valueText({ value, size, isOpen }: JsonRow) {
  if (size !== null) {
    const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
    if (size === 0) return <span className="text-ink-muted">{open + close}</span>;
    return (
      <span className="text-ink-muted">
        {isOpen ? open : `${open}…${close}`} <span className="text-xs">{size}</span>
      </span>
    );
  }
  if (typeof value === "string") {
    const isLong = value.length > MOST_CHARACTERS;
    return (
      <span>
        “{isLong ? value.slice(0, MOST_CHARACTERS) : value}”
        {isLong ? (
          <span className="text-ink-muted"> … {value.length.toLocaleString()} characters</span>
        ) : null}
      </span>
    );
  }
  return (
    <span className={value === null ? "text-ink-muted" : "font-medium"}>{jsonText(value)}</span>
  );
}
