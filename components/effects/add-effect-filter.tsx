"use client";

import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { TextField } from "../ui/text-field.tsx";
import {
  type EffectFilter,
  readRequestField,
  TEXT_FILTER_NAMES,
  TEXT_FILTERS,
  type TextFilter,
} from "./effect-filter.ts";

const EXAMPLES: Record<TextFilter | "request", string> = {
  target: "capability, binding or service",
  capability: "email.message.send",
  binding: "smtp_send",
  receipt: "the provider's receipt",
  run: "run_0199…",
  request: "order.id=42",
};

/** Adds a filter for one exact text: what it is about, its value, Enter. */
export function AddEffectFilter({
  filter,
  onChange,
}: {
  filter: EffectFilter;
  onChange: (change: Partial<EffectFilter>) => void;
}) {
  const [about, setAbout] = useState<TextFilter | "request">("request");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);

  const add = () => {
    if (about !== "request") {
      if (text.trim() === "") return;
      onChange({ [about]: text.trim() });
    } else {
      const field = readRequestField(text);
      if (typeof field === "string") return setProblem(field);
      onChange({ request: { ...filter.request, [field.path]: field.value } });
    }
    setText("");
    setProblem(null);
  };

  return (
    <form
      aria-label="Add a filter"
      className="flex min-w-0 items-center gap-1 max-sm:w-full"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <SelectField
        aria-label="What to filter by"
        className="w-34"
        value={about}
        onChange={({ target }) => {
          const name = TEXT_FILTER_NAMES.find((known) => known === target.value);
          setAbout(name ?? "request");
          setProblem(null);
        }}
      >
        <option value="request">Request field</option>
        {TEXT_FILTER_NAMES.map((name) => (
          <option key={name} value={name}>
            {TEXT_FILTERS[name]}
          </option>
        ))}
      </SelectField>
      <TextField
        aria-label="The value to filter by"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? undefined : "effect-filter-problem"}
        placeholder={EXAMPLES[about]}
        value={text}
        onChange={({ target }) => setText(target.value)}
        className="w-52 max-sm:min-w-0 max-sm:flex-1"
      />
      <Button type="submit">Add</Button>
      {problem === null ? null : (
        <span
          id="effect-filter-problem"
          role="alert"
          className="text-sm text-bad sm:whitespace-nowrap"
        >
          {problem}
        </span>
      )}
    </form>
  );
}
