"use client";

import { useId, useState, type FormEvent } from "react";
import type { Fields } from "../../core/field.ts";
import type { ErrorView } from "../api/error-view.ts";
import { InputEditor } from "../start-run/input-editor.tsx";
import { problemsByInput } from "../start-run/server-problems.ts";
import { useStartForm } from "../start-run/use-start-form.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Problem } from "../ui/problem.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { DOUBT_WORDS, type SaidOfDoubt } from "./doubt-words.ts";

type DoubtDialogProps = {
  outcome: SaidOfDoubt["outcome"];
  capabilityId: string;
  /** Whether the step waits for the answer; otherwise its run has ended. */
  isWaiting: boolean;
  /** What the call brings. */
  fields: Fields;
  isBusy: boolean;
  error: ErrorView | null;
  onSend: (said: SaidOfDoubt) => void;
  onClose: () => void;
};

/** Takes what a person found out about an effect in doubt, with its result where it happened. */
export function DoubtDialog({
  outcome,
  capabilityId,
  isWaiting,
  fields,
  isBusy,
  error,
  onSend,
  onClose,
}: DoubtDialogProps) {
  const id = useId();
  const [comment, setComment] = useState("");
  const form = useStartForm(fields, {});
  const names = Object.keys(fields);
  const words = DOUBT_WORDS[outcome];
  const isNeeded = outcome === "stop";
  const isMissing = isNeeded && comment.trim() === "";
  const refused = problemsByInput(withoutPlace(error), names);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBusy || isMissing) return;
    const result = outcome === "happened" ? form.read() : null;
    if (outcome === "happened" && result === null) return;
    onSend({
      outcome,
      ...(result === null ? {} : { result }),
      ...(comment.trim() === "" ? {} : { comment: comment.trim() }),
    });
  };
  return (
    <Dialog
      isOpen
      title={words.title}
      description={isWaiting ? words.whenWaiting : words.whenEnded}
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
        {outcome !== "happened" ? null : names.length === 0 ? (
          <p className="text-ink-muted">{capabilityId} brings nothing that is to be entered.</p>
        ) : (
          <fieldset className="flex flex-col gap-4">
            <legend className="mb-1 font-medium">What the call brought</legend>
            {names.map((name) => {
              const field = fields[name];
              return field === undefined ? null : (
                <InputEditor
                  key={name}
                  name={name}
                  field={field}
                  text={form.texts[name] ?? ""}
                  problem={form.problems[name] ?? refused[name] ?? null}
                  onChange={(text) => form.change(name, text)}
                />
              );
            })}
          </fieldset>
        )}
        <label htmlFor={id} className="flex flex-col gap-1">
          <span className="font-medium">
            {isNeeded ? "Why" : "How you know"}{" "}
            <span className="font-normal text-ink-muted">
              ({isNeeded ? "needed" : "optional"}, kept in the run's history)
            </span>
          </span>
          <TextArea
            id={id}
            rows={2}
            maxLength={2_000}
            aria-required={isNeeded}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        </label>
        {error === null ? null : <Problem error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep as it is</Button>
          <Button
            type="submit"
            look={outcome === "stop" ? "danger" : "primary"}
            blockedBecause={
              isBusy ? "The request is on its way" : isMissing ? "Say why first" : null
            }
          >
            {words.verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The server names a place `result.receipt`; the form's editor is `receipt`. */
function withoutPlace(error: ErrorView | null): ErrorView | null {
  if (error === null) return null;
  const text = JSON.stringify(error.details ?? null).replaceAll('"path":"result.', '"path":"');
  return { ...error, details: JSON.parse(text) };
}
