import { Equal } from "lucide-react";
import type { Json } from "../../core/json.ts";
import type { CheckpointChangesView } from "../../core/run-view.ts";
import type { StateChange } from "../../core/state-changes.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { formatBytes } from "../ui/format-bytes.ts";

const KINDS: Record<StateChange["kind"], { mark: string; word: string }> = {
  added: { mark: "+", word: "added" },
  changed: { mark: "~", word: "changed" },
  removed: { mark: "−", word: "removed" },
};

/** What became of a state: each place with its sizes, and its values where they are small. */
export function ChangeList({ changes }: { changes: CheckpointChangesView }) {
  const { added, changed, removed, bytes_before: before, bytes_after: after, items } = changes;
  const total = added + changed + removed;
  if (total === 0) return <EmptyState icon={Equal} title="Nothing changed in the state" />;
  return (
    <div
      role="region"
      aria-label="What changed"
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto -outline-offset-2"
    >
      <p className="flex flex-wrap justify-between gap-x-4 border-b px-4 py-2 text-ink-muted">
        <span>
          {added} added · {changed} changed · {removed} removed
        </span>
        <span title={`${before} → ${after} bytes of JSON`}>
          state {formatBytes(before)} → {formatBytes(after)}
        </span>
      </p>
      <ul className="divide-y">
        {items.map((change) => (
          <ChangeRow key={`${change.kind}${change.path}`} change={change} />
        ))}
      </ul>
      {items.length < total ? (
        <p className="border-t px-4 py-3 text-ink-muted">
          The first {items.length.toLocaleString()} of {total.toLocaleString()} changes are listed.
        </p>
      ) : null}
    </div>
  );
}

function ChangeRow({ change }: { change: StateChange }) {
  const { mark, word } = KINDS[change.kind];
  return (
    <li className="grid grid-cols-[12px_1fr_auto] gap-x-2 px-4 py-1.5">
      <span aria-hidden className="mono font-semibold">
        {mark}
      </span>
      <span className="mono min-w-0 break-all">
        <span className="sr-only">{word} </span>
        {change.path}
      </span>
      <span className="text-sm leading-5 whitespace-nowrap text-ink-muted">
        {[change.bytes_before, change.bytes_after]
          .filter((bytes) => bytes !== null)
          .map(formatBytes)
          .join(" → ")}
      </span>
      <Values before={change.before} after={change.after} />
    </li>
  );
}

/** Old and new value: side by side where they are short, else one under the other. */
function Values({ before, after }: { before: Json | undefined; after: Json | undefined }) {
  if (before === undefined && after === undefined) return null;
  return (
    <span className="col-span-2 col-start-2 mono flex flex-wrap gap-x-2 text-ink-soft">
      {before === undefined ? null : (
        <del className="min-w-0 break-words text-ink-muted">
          <span className="sr-only">was </span>
          {JSON.stringify(before)}
        </del>
      )}
      {before === undefined || after === undefined ? null : <span aria-hidden>→</span>}
      {after === undefined ? null : (
        <span className="min-w-0 break-words">{JSON.stringify(after)}</span>
      )}
    </span>
  );
}
