"use client";

import { formatDuration } from "./format-duration.ts";
import { useNow } from "./use-now.ts";

/** The time from one moment to another, or up to now where the end has not come. */
export function LiveDuration({ from, to }: { from: string; to: string | null }) {
  return to === null ? <Growing from={from} /> : <Fixed ms={Date.parse(to) - Date.parse(from)} />;
}

function Growing({ from }: { from: string }) {
  return <Fixed ms={useNow() - Date.parse(from)} />;
}

function Fixed({ ms }: { ms: number }) {
  return <span className="whitespace-nowrap">{formatDuration(ms)}</span>;
}
