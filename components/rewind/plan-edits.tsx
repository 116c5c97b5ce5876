"use client";

import { useId, useState } from "react";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { findJsonProblem } from "../start-run/find-json-problem.ts";
import { Button } from "../ui/button.tsx";
import { TextArea } from "../ui/text-area.tsx";

type PlanEditsProps = {
  /** The inputs that the plan was made with. */
  inputs: JsonObject;
  isEdited: boolean;
  onEdit: (inputs: JsonObject) => void;
};

/** The inputs of the new run, to be changed in place; the plan follows. */
export function PlanEdits({ inputs, isEdited, onEdit }: PlanEditsProps) {
  const [text, setText] = useState(() => JSON.stringify(inputs, null, 2));
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
        <span className="font-medium">Inputs</span>
        <TextArea
          id={id}
          rows={8}
          spellCheck={false}
          value={text}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-problem`}
          className="mono field-sizing-content max-h-96 min-h-24"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <p
        id={`${id}-problem`}
        role={problem === null ? undefined : "alert"}
        className="text-bad empty:hidden"
      >
        {problem}
      </p>
      <div className="flex items-center gap-2">
        <Button type="submit" size="small" blockedBecause={problem}>
          Plan with these inputs
        </Button>
        {isEdited ? <span className="text-sm text-ink-muted">changed</span> : null}
      </div>
    </form>
  );
}

function problemOf(text: string): string | null {
  const problem = findJsonProblem(text);
  if (problem !== null) return `Line ${problem.line}, column ${problem.column}: ${problem.message}`;
  return isJsonObject(JSON.parse(text)) ? null : "Inputs are a map of names to values.";
}
