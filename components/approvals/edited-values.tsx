import type { Field, Fields } from "../../core/field.ts";
import type { JsonChange } from "../../core/json-changes.ts";
import { jsonEquals, type Json } from "../../core/json.ts";
import { choiceLabel, choicesOf } from "../start-run/input-text.ts";

/** What an edit changes: each place with its old and its new value. */
export function EditedValues({
  changes,
  label,
  fields,
}: {
  changes: readonly JsonChange[];
  label: string;
  /** The editors of the payload, which know what choices are called. */
  fields?: Fields;
}) {
  if (changes.length === 0) return null;
  return (
    <ul aria-label={label} className="flex flex-col gap-1">
      {changes.map(({ path, before, after }) => (
        <li key={path} className="mono flex flex-wrap gap-x-2">
          <span className="font-medium break-all">{path}</span>
          <del className="min-w-0 break-all text-ink-muted">
            <span className="sr-only">was </span>
            {textOf(before, fields?.[path])}
          </del>
          <span aria-hidden>→</span>
          <span className="min-w-0 break-all">{textOf(after, fields?.[path])}</span>
        </li>
      ))}
    </ul>
  );
}

function textOf(value: Json | undefined, field: Field | undefined): string {
  if (value === undefined) return "nothing";
  const isChoice = field !== undefined && choicesOf(field).some((each) => jsonEquals(each, value));
  return isChoice ? choiceLabel(field, value) : JSON.stringify(value);
}
