"use client";

import { useId, useState } from "react";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { findJsonProblem } from "../start-run/find-json-problem.ts";
import { Button } from "../ui/button.tsx";
import { TextArea } from "../ui/text-area.tsx";

type PlanEditsProps = {
  title: "Inputs" | "Variables";
  hint?: string;
  /** What the plan was made with. */
  values: JsonObject;
  isEdited: boolean;
  onEdit: (values: JsonObject) => void;
};

/** The inputs or variables of the new run, to be changed in place; the plan follows. */
export function PlanEdits({ title, hint, values, isEdited, onEdit }: PlanEditsProps) {
  const [text, setText] = useState(() => JSON.stringify(values, null, 2));
  const id = useId();
  const problem = problemOf(text);
  const apply = () => {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) onEdit(value);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null) apply();
      }}
      className="flex flex-col gap-2"
    >
      <label htmlFor={id} className="flex flex-col gap-1">
        <span className="font-medium">{title}</span>
        <TextArea
          id={id}
          spellCheck={false}
          value={text}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-problem ${id}-hint`}
          className="mono field-sizing-content max-h-96 min-h-16"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <p id={`${id}-hint`} className="text-sm text-ink-muted empty:hidden">
        {hint}
      </p>
      <p
        id={`${id}-problem`}
        role={problem === null ? undefined : "alert"}
        className="text-bad empty:hidden"
      >
        {problem}
      </p>
      <div className="flex items-center gap-2">
        <Button type="submit" size="small" blockedBecause={problem}>
          Plan with these {title.toLowerCase()}
        </Button>
        {isEdited ? <span className="text-sm text-ink-muted">changed</span> : null}
      </div>
    </form>
  );
}

function problemOf(text: string): string | null {
  const problem = findJsonProblem(text);
  if (problem !== null) return `Line ${problem.line}, column ${problem.column}: ${problem.message}`;
  return isJsonObject(JSON.parse(text)) ? null : "This is a map of names to values.";
}
