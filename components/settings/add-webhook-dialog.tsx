"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Problem } from "../ui/problem.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { TextField } from "../ui/text-field.tsx";
import { ShownOnce } from "./shown-once.tsx";

/** Adds a webhook: what to call it, where it leads, for which environment; then its secret, which is never shown again. */
export function AddWebhookDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const environments = useQuery(trpc.environments.list.queryOptions());
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [environment, setEnvironment] = useState("");
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
  const missing =
    name.trim() === "" ? "Give it a name" : url.trim() === "" ? "Say where it leads" : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing !== null || add.isPending) return;
    add.mutate({
      name: name.trim(),
      url: url.trim(),
      ...(environment === "" ? {} : { environment }),
    });
  };
  return (
    <Dialog
      isOpen
      title="Add a webhook"
      description="Requests are signed, and tried again until it takes them."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <label htmlFor={`${id}name`} className="flex flex-col gap-1">
          <span className="font-medium">Name</span>
          <TextField
            id={`${id}name`}
            value={name}
            maxLength={100}
            placeholder="chat"
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label htmlFor={`${id}url`} className="flex flex-col gap-1">
          <span className="font-medium">URL</span>
          <TextField
            id={`${id}url`}
            value={url}
            maxLength={2_000}
            placeholder="https://chat.example.com/orca"
            onChange={(event) => setUrl(event.target.value)}
          />
        </label>
        <label htmlFor={`${id}environment`} className="flex flex-col gap-1">
          <span className="font-medium">Environment</span>
          <SelectField
            id={`${id}environment`}
            value={environment}
            onChange={(event) => setEnvironment(event.target.value)}
          >
            <option value="">All</option>
            {(environments.data?.items ?? []).map((item) => (
              <option key={item.name}>{item.name}</option>
            ))}
          </SelectField>
        </label>
        {add.error === null ? null : <Problem error={toErrorView(add.error)} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            blockedBecause={missing ?? (add.isPending ? "The request is on its way" : null)}
          >
            Add webhook
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
