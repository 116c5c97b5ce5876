"use client";

import { useId, useState, type FormEvent } from "react";
import type { ErrorView } from "../api/error-view.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Problem } from "../ui/problem.tsx";
import { TextArea } from "../ui/text-area.tsx";

type ReasonDialogProps = {
  title: string;
  /** What happens if one says yes. */
  consequence: string;
  verb: string;
  isDangerous: boolean;
  isBusy: boolean;
  error: ErrorView | null;
  onSend: (reason: string) => void;
  onClose: () => void;
};

/** Asks before a run is changed, says what will happen, and takes the reason that history keeps. */
export function ReasonDialog({
  title,
  consequence,
  verb,
  isDangerous,
  isBusy,
  error,
  onSend,
  onClose,
}: ReasonDialogProps) {
  const [reason, setReason] = useState("");
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) onSend(reason.trim());
  };
  return (
    <Dialog isOpen title={title} description={consequence} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <label htmlFor={id} className="flex flex-col gap-1">
          <span className="font-medium">
            Reason{" "}
            <span className="font-normal text-ink-muted">
              (optional, kept in the run's history)
            </span>
          </span>
          <TextArea
            id={id}
            rows={3}
            maxLength={2_000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {error === null ? null : <Problem error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep as it is</Button>
          <Button
            type="submit"
            look={isDangerous ? "danger" : "primary"}
            blockedBecause={isBusy ? "The request is on its way" : null}
          >
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
