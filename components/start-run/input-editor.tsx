"use client";

import { useId } from "react";
import type { Field } from "../../core/field.ts";
import { jsonText } from "../json-viewer/json-text.ts";
import { SelectField } from "../ui/select-field.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { TextField } from "../ui/text-field.tsx";
import { choiceLabel, choicesOf, editorOf } from "./input-text.ts";

type InputEditorProps = {
  name: string;
  field: Field;
  text: string;
  problem: string | null;
  onChange: (text: string) => void;
};

/** One input of a skill: its name, what it is, an editor that fits its type, and what is wrong with it. */
export function InputEditor({ name, field, text, problem, onChange }: InputEditorProps) {
  const id = useId();
  const kind = editorOf(field);
  const shared = {
    id,
    value: text,
    "aria-describedby": `${id}-about ${id}-problem`,
    "aria-invalid": problem !== null,
    "aria-required": field.required,
  };
  const standIn = field.default === undefined ? "" : `${JSON.stringify(field.default)} by default`;
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium break-all">{name}</span>
        <span className="text-sm text-ink-muted">
          {field.type ?? "any"}
          {field.required ? " · required" : ""}
        </span>
      </label>
      <p id={`${id}-about`} className="text-ink-muted empty:hidden">
        {field.description}
      </p>
      {kind === "text" ? (
        <TextArea
          {...shared}
          rows={2}
          placeholder={standIn}
          className="field-sizing-content max-h-80 min-h-16"
          onChange={(event) => onChange(event.target.value)}
        />
      ) : kind === "number" ? (
        <TextField
          {...shared}
          inputMode="decimal"
          placeholder={standIn}
          className="max-w-60"
          onChange={(event) => onChange(event.target.value)}
        />
      ) : kind === "json" ? (
        <TextArea
          {...shared}
          rows={4}
          spellCheck={false}
          placeholder={standIn === "" ? (field.type === "array" ? "[ ]" : "{ }") : standIn}
          className="mono field-sizing-content max-h-96 min-h-24"
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <SelectField
          {...shared}
          className="max-w-60"
          onChange={(event) => onChange(event.target.value)}
        >
          <option value="">{standIn === "" ? "not set" : standIn}</option>
          {(kind === "boolean" ? [true, false] : choicesOf(field)).map((choice) => (
            <option key={jsonText(choice)} value={jsonText(choice)}>
              {choiceLabel(field, choice)}
            </option>
          ))}
        </SelectField>
      )}
      <p
        id={`${id}-problem`}
        role={problem === null ? undefined : "alert"}
        className="text-bad empty:hidden"
      >
        {problem}
      </p>
    </div>
  );
}
