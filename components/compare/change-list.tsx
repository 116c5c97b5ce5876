"use client";

import { useState } from "react";
import type { JsonChange } from "../../core/json-changes.ts";
import type { Json } from "../../core/json.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { SideTag } from "./side-tag.tsx";

const SHOWN = 100;
/** Longer texts are cut on screen; the run's own page has them whole. */
const MOST_CHARACTERS = 2_000;

const KIND: Record<JsonChange["kind"], string> = {
  added: "only in B",
  changed: "changed",
  removed: "only in A",
};

/** Where payloads differ: each place with its value in both runs. `count` tells of places that are not in `changes`. */
export function ChangeList({ changes, count }: { changes: readonly JsonChange[]; count: number }) {
  const [most, setMost] = useState(SHOWN);
  const shown = changes.slice(0, most);
  return (
    <section aria-label="Fields that differ" className="flex flex-col gap-2">
      <h3 className="font-medium">
        {count.toLocaleString("en")} {count === 1 ? "field differs" : "fields differ"}
      </h3>
      <ul className="divide-y overflow-hidden rounded-lg border">
        {shown.map((change) => (
          <li key={change.path} className="flex flex-col gap-1 p-2">
            <p className="flex items-start gap-2">
              <code className="mono min-w-0 flex-1 font-medium break-all">{change.path}</code>
              <span className="shrink-0 text-sm text-ink-muted">{KIND[change.kind]}</span>
              <CopyButton
                text={change.path}
                label={`Copy the path ${change.path}`}
                className="h-5 w-5"
              />
            </p>
            {change.kind === "added" ? null : <ValueOf side="A" value={change.before} />}
            {change.kind === "removed" ? null : <ValueOf side="B" value={change.after} />}
          </li>
        ))}
      </ul>
      {changes.length > most ? (
        <Button size="small" className="self-start" onClick={() => setMost(most + 5 * SHOWN)}>
          Show more of {changes.length.toLocaleString("en")}
        </Button>
      ) : count > changes.length ? (
        <p className="text-ink-muted">
          These are the first {changes.length.toLocaleString("en")}; the rest is not shown.
        </p>
      ) : null}
    </section>
  );
}

function ValueOf({ side, value }: { side: "A" | "B"; value: Json | undefined }) {
  const text = value === undefined ? "" : JSON.stringify(value, null, 2);
  const isLong = text.length > MOST_CHARACTERS;
  return (
    <div className="flex gap-2">
      <SideTag side={side} />
      <pre className="mono min-w-0 flex-1 break-words whitespace-pre-wrap">
        {isLong ? text.slice(0, MOST_CHARACTERS) : text}
        {isLong ? (
          <span className="text-ink-muted"> … {text.length.toLocaleString("en")} characters</span>
        ) : null}
      </pre>
    </div>
  );
}
