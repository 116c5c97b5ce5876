"use client";

import { useId, useState, type FormEvent, type ReactNode } from "react";
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
  /** Nothing is sent without a reason. */
  isReasonRequired?: boolean;
  isBusy: boolean;
  error: ErrorView | null;
  onSend: (reason: string) => void;
  onClose: () => void;
  /** What else one should see before saying yes. */
  children?: ReactNode;
};

/** Asks before a run is changed, says what will happen, and takes the reason that history keeps. */
export function ReasonDialog({
  title,
  consequence,
  verb,
  isDangerous,
  isReasonRequired = false,
  isBusy,
  error,
  onSend,
  onClose,
  children,
}: ReasonDialogProps) {
  const [reason, setReason] = useState("");
  const id = useId();
  const isMissing = isReasonRequired && reason.trim() === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy && !isMissing) onSend(reason.trim());
  };
  return (
    <Dialog isOpen title={title} description={consequence} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <label htmlFor={id} className="flex flex-col gap-1">
          <span className="font-medium">
            Reason{" "}
            <span className="font-normal text-ink-muted">
              ({isReasonRequired ? "needed" : "optional"}, kept in the run's history)
            </span>
          </span>
          <TextArea
            id={id}
            rows={3}
            maxLength={2_000}
            aria-required={isReasonRequired}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {children}
        {error === null ? null : <Problem error={error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep as it is</Button>
          <Button
            type="submit"
            look={isDangerous ? "danger" : "primary"}
            blockedBecause={
              isBusy ? "The request is on its way" : isMissing ? "Say why first" : null
            }
          >
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
