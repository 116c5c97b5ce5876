"use client";

import { formatRelativeTime } from "./format-relative-time.ts";
import { useNow } from "./use-now.ts";

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

/** A moment as distance from now; the exact time in the viewer's zone on hover. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow();
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={EXACT.format(time)} className="whitespace-nowrap">
      {formatRelativeTime(time, now)}
    </time>
  );
}
