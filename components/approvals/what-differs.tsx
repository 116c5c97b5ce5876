import { placeOf } from "./approval-place.ts";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import type { DifferingValue } from "./differing-values.ts";

/** More places than these, and longer values, are read in the question itself. */
const MOST_PLACES = 12;
const MOST_CHARACTERS = 300;

/** One of several questions that are decided together: where it stands, and all that tells its payload from theirs. */
export function WhatDiffers({
  approval,
  values,
  isAlike,
  isSame,
}: {
  approval: ApprovalSummary;
  /** All of them ask the same, which is said above them. */
  isAlike: boolean;
  /** All of them have one payload, secrets included. */
  isSame: boolean;
  /** Null while the payloads are being read. */
  values: readonly DifferingValue[] | null;
}) {
  const more = (values?.length ?? 0) - MOST_PLACES;
  return (
    <li className="flex flex-col px-3 py-1.5">
      {isAlike ? null : <span className="font-medium break-words">{approval.reason}</span>}
      {values === null ? (
        <span className="break-words">{approval.gist}</span>
      ) : values.length === 0 ? (
        <span>
          {isSame ? "The same payload as the others" : "The same as others, but for what is secret"}
        </span>
      ) : (
        <span className="flex flex-wrap gap-x-4">
          {values.slice(0, MOST_PLACES).map(({ path, value }) => (
            <span key={path} className="min-w-0 break-all">
              {path} <span className="mono">{textOf(value)}</span>
            </span>
          ))}
          {more > 0 ? <span>and {more} more places</span> : null}
        </span>
      )}
      <span className="text-sm text-ink-muted">{placeOf(approval)}</span>
    </li>
  );
}

function textOf(value: DifferingValue["value"]): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}
