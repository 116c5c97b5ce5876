"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { useTRPC } from "../api/trpc.ts";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/text-field.tsx";
import { ChannelFields, useChannelDraft } from "./channel-fields.tsx";
import { FormEnd } from "./form-end.tsx";
import { ShownOnce } from "./shown-once.tsx";

/** Adds a webhook: what to call it, where it leads, for which environment and when; then its secret, which is never shown again. */
export function AddWebhookDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { draft, setDraft, missing: missingFact, input } = useChannelDraft();
  const [url, setUrl] = useState("");
  const id = useId();
  const add = useMutation(
    trpc.notices.addWebhook.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.notices.pathKey() }),
    }),
  );
  if (add.data !== undefined)
    return (
      <ShownOnce
        name="secret"
        use="The receiver verifies with it that a request is Orca's."
        secret={add.data.secret}
        onClose={onClose}
      />
    );
  const missing = missingFact ?? (url.trim() === "" ? "Say where it leads" : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing === null && !add.isPending) add.mutate({ ...input, url: url.trim() });
  };
  return (
    <Dialog
      isOpen
      title="Add a webhook"
      description="Requests are signed, and tried again until it takes them."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <ChannelFields draft={draft} onChange={setDraft} namePlaceholder="chat">
          <label htmlFor={id} className="flex flex-col gap-1">
            <span className="font-medium">URL</span>
            <TextField
              id={id}
              value={url}
              maxLength={2_000}
              placeholder="https://chat.example.com/orca"
              onChange={(event) => setUrl(event.target.value)}
            />
          </label>
        </ChannelFields>
        <FormEnd action="Add webhook" missing={missing} request={add} onClose={onClose} />
      </form>
    </Dialog>
  );
}
