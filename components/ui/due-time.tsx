"use client";

import { formatDueTime } from "../../core/due-time.ts";
import { useNow } from "./use-now.ts";

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });

/** When something is due, as distance from now; the exact time in the viewer's zone on hover. */
export function DueTime({ at }: { at: string }) {
  const now = useNow();
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={EXACT.format(time)} className="whitespace-nowrap">
      {formatDueTime(time, now)}
    </time>
  );
}
