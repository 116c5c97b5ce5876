"use client";

import { Check, OctagonX, RotateCcw } from "lucide-react";
import { useState } from "react";
import type { ErrorView } from "../api/error-view.ts";
import { Button } from "../ui/button.tsx";
import { DoubtDialog } from "./doubt-dialog.tsx";
import type { SaidOfDoubt } from "./doubt-words.ts";
import { useResultFields } from "./use-result-fields.ts";

type DoubtAnswersProps = {
  capabilityId: string;
  /** Whether a step waits for the answer; otherwise its run has ended. */
  isWaiting: boolean;
  blockedBecause: string | null;
  isBusy: boolean;
  error: ErrorView | null;
  onAsk: () => void;
  send: (said: SaidOfDoubt, onSent: () => void) => void;
};

/** The three things that a person may say of an effect of which nobody knows whether it happened. */
export function DoubtAnswers({
  capabilityId,
  isWaiting,
  blockedBecause,
  isBusy,
  error,
  onAsk,
  send,
}: DoubtAnswersProps) {
  const [asked, setAsked] = useState<SaidOfDoubt["outcome"] | null>(null);
  const fields = useResultFields(capabilityId);
  const ask = (outcome: SaidOfDoubt["outcome"]) => () => {
    onAsk();
    setAsked(outcome);
  };
  const loading = fields === null ? "What the call brings is being looked up" : null;
  return (
    <div className="flex flex-wrap gap-2">
      <Button blockedBecause={blockedBecause ?? loading} onClick={ask("happened")}>
        <Check aria-hidden /> It happened…
      </Button>
      <Button blockedBecause={blockedBecause} onClick={ask("not_happened")}>
        <RotateCcw aria-hidden /> It did not…
      </Button>
      {isWaiting ? (
        <Button look="danger" blockedBecause={blockedBecause} onClick={ask("stop")}>
          <OctagonX aria-hidden /> Stop…
        </Button>
      ) : null}
      {asked === null ? null : (
        <DoubtDialog
          outcome={asked}
          capabilityId={capabilityId}
          isWaiting={isWaiting}
          fields={fields ?? {}}
          isBusy={isBusy}
          error={error}
          onSend={(said) => send(said, () => setAsked(null))}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}
