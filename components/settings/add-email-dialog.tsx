"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { useTRPC } from "../api/trpc.ts";
import { Dialog } from "../ui/dialog.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { FormEnd } from "./form-end.tsx";
import { ChannelFields, useChannelDraft } from "./channel-fields.tsx";

/** Adds an e-mail channel: what to call it, who gets it, for which environment and when. */
export function AddEmailDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { draft, setDraft, missing: missingFact, input } = useChannelDraft();
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const id = useId();
  const add = useMutation(
    trpc.notices.addEmail.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.notices.pathKey() });
        onClose();
      },
    }),
  );
  const recipients = text.split(/[\s,;]+/).filter((address) => address !== "");
  const missing = missingFact ?? (recipients.length === 0 ? "Say who gets it" : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing !== null || add.isPending) return;
    const unreachable = recipients.find((address) => !/^[^@]+@[^@]+\.[^@.]+$/.test(address));
    setWrong(unreachable ?? null);
    if (unreachable === undefined) add.mutate({ ...input, recipients });
  };
  return (
    <Dialog
      isOpen
      title="Add an e-mail channel"
      description="Each notice is one message in plain text. The payload that is asked about is not in it."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <ChannelFields draft={draft} onChange={setDraft} namePlaceholder="team">
          <label htmlFor={id} className="flex flex-col gap-1">
            <span className="font-medium">
              Recipients{" "}
              <span className="font-normal text-ink-muted">(one address per line, 50 at most)</span>
            </span>
            <TextArea
              id={id}
              rows={3}
              value={text}
              placeholder="team@example.com"
              aria-invalid={wrong !== null}
              onChange={(event) => {
                setText(event.target.value);
                setWrong(null);
              }}
            />
            {wrong === null ? null : (
              <span role="alert" className="break-words text-bad">
                {wrong} is no e-mail address.
              </span>
            )}
          </label>
        </ChannelFields>
        <FormEnd action="Add e-mail" missing={missing} request={add} onClose={onClose} />
      </form>
    </Dialog>
  );
}
