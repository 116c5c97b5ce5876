"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import type { Permission } from "../../core/permissions.ts";
import { useTRPC } from "../api/trpc.ts";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/text-field.tsx";
import { FormEnd } from "./form-end.tsx";
import { ShownOnce } from "./shown-once.tsx";

/** Makes a key: a name, the scopes, and then the key itself, which is never shown again. */
export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const me = useQuery(trpc.me.get.queryOptions());
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<ReadonlySet<Permission>>(new Set(["run:read", "run:start"]));
  const nameId = useId();
  const create = useMutation(
    trpc.apiKeys.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.apiKeys.pathKey() }),
    }),
  );
  if (create.data !== undefined)
    return (
      <ShownOnce
        name="key"
        use="Whoever has it may do what its scopes say."
        secret={create.data.key}
        onClose={onClose}
      />
    );

  const missing =
    name.trim() === ""
      ? "Give the key a name"
      : scopes.size === 0
        ? "Choose at least one scope"
        : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing === null) create.mutate({ name: name.trim(), scopes: [...scopes] });
  };
  const toggle = (scope: Permission) => {
    const next = new Set(scopes);
    if (!next.delete(scope)) next.add(scope);
    setScopes(next);
  };
  return (
    <Dialog
      isOpen
      title="Create an API key"
      description="Give it no more scopes than the program needs."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <label htmlFor={nameId} className="flex flex-col gap-1">
          <span className="font-medium">Name</span>
          <TextField
            id={nameId}
            value={name}
            maxLength={100}
            placeholder="nightly import"
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-medium">Scopes</legend>
          <div className="grid grid-cols-2 gap-x-4">
            {(me.data?.permissions ?? []).map((scope) => (
              <label key={scope} className="mono flex h-7 cursor-pointer items-center gap-2">
                <input
                  type="checkbox"
                  checked={scopes.has(scope)}
                  onChange={() => toggle(scope)}
                  className="accent-accent-fill"
                />
                {scope}
              </label>
            ))}
          </div>
        </fieldset>
        <FormEnd action="Create key" missing={missing} request={create} onClose={onClose} />
      </form>
    </Dialog>
  );
}
