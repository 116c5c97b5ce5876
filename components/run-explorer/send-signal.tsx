"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Radio } from "lucide-react";
import { useId, useState, type FormEvent } from "react";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { findJsonProblem } from "../start-run/find-json-problem.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Problem } from "../ui/problem.tsx";
import { TextArea } from "../ui/text-area.tsx";

/** Sends the signal that a step waits for, with a payload where the skill wants one. */
export function SendSignal({ runId, name }: { runId: string; name: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button className="self-start" onClick={() => setIsOpen(true)}>
        <Radio aria-hidden /> Send the signal {name}
      </Button>
      {isOpen ? <SignalDialog runId={runId} name={name} onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}

function SignalDialog({
  runId,
  name,
  onClose,
}: {
  runId: string;
  name: string;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [payload, setPayload] = useState("");
  const id = useId();
  const signal = useMutation(
    trpc.runs.signal.mutationOptions({
      onSuccess: async () => {
        onClose();
        await queryClient.invalidateQueries({ queryKey: trpc.runs.pathKey() });
      },
    }),
  );
  const problem = payload.trim() === "" ? null : findJsonProblem(payload);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem === null)
      signal.mutate({
        run_id: runId,
        name,
        payload: payload.trim() === "" ? null : JSON.parse(payload),
      });
  };
  return (
    <Dialog
      isOpen
      title={`Send the signal ${name}`}
      description="The run goes on as soon as the signal has reached it."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <label htmlFor={id} className="flex flex-col gap-1">
          <span className="font-medium">
            Payload <span className="font-normal text-ink-muted">(JSON, may be left empty)</span>
          </span>
          <TextArea
            id={id}
            rows={4}
            spellCheck={false}
            className="mono"
            placeholder="null"
            value={payload}
            aria-invalid={problem !== null}
            aria-describedby={`${id}-problem`}
            onChange={(event) => setPayload(event.target.value)}
          />
          <span id={`${id}-problem`} className="text-bad empty:hidden">
            {problem === null
              ? ""
              : `Line ${problem.line}, column ${problem.column}: ${problem.message}.`}
          </span>
        </label>
        {signal.error === null ? null : <Problem error={toErrorView(signal.error)} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep waiting</Button>
          <Button
            type="submit"
            look="primary"
            blockedBecause={
              problem !== null
                ? "The payload is not JSON"
                : signal.isPending
                  ? "The signal is on its way"
                  : null
            }
          >
            Send signal
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
