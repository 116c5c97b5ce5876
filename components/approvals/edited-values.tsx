import type { JsonChange } from "../../core/json-changes.ts";
import type { Json } from "../../core/json.ts";

/** What an edit changes: each place with its old and its new value. */
export function EditedValues({
  changes,
  label,
}: {
  changes: readonly JsonChange[];
  label: string;
}) {
  if (changes.length === 0) return null;
  return (
    <ul aria-label={label} className="flex flex-col gap-1">
      {changes.map(({ path, before, after }) => (
        <li key={path} className="mono flex flex-wrap gap-x-2">
          <span className="font-medium break-all">{path}</span>
          <del className="min-w-0 break-all text-ink-muted">
            <span className="sr-only">was </span>
            {textOf(before)}
          </del>
          <span aria-hidden>→</span>
          <span className="min-w-0 break-all">{textOf(after)}</span>
        </li>
      ))}
    </ul>
  );
}

function textOf(value: Json | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
