"use client";

import { useState } from "react";
import type { Fields } from "../../core/field.ts";
import type { JsonObject } from "../../core/json.ts";
import { readInput, toInputText } from "./input-text.ts";

/** The texts of a start form, which begins with `initial`, and what is wrong with them once it was sent. */
export function useStartForm(fields: Fields, initial: JsonObject) {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    textsOf(fields, initial),
  );
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});

  return {
    texts,
    problems,
    change(name: string, text: string) {
      setTexts({ ...texts, [name]: text });
      const { [name]: _gone, ...rest } = problems;
      setProblems(rest);
    },
    /** Fills in a whole example; inputs that it does not name are emptied. */
    fill(values: JsonObject) {
      setTexts(textsOf(fields, values));
      setProblems({});
    },
    /** The inputs to send, or null where one of them cannot be read; then each problem stands at its input. */
    read(): JsonObject | null {
      const inputs: JsonObject = {};
      const found: Record<string, string> = {};
      for (const [name, field] of Object.entries(fields)) {
        const result = readInput(field, texts[name] ?? "");
        if (result.kind === "value") inputs[name] = result.value;
        if (result.kind === "problem") found[name] = result.message;
      }
      setProblems(found);
      return Object.keys(found).length === 0 ? inputs : null;
    },
  };
}

function textsOf(fields: Fields, values: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, toInputText(field, values[name])]),
  );
}
