"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { useTRPC } from "../api/trpc.ts";
import { Dialog } from "../ui/dialog.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { TextField } from "../ui/text-field.tsx";
import { FormEnd } from "./form-end.tsx";
import type { Group } from "./group-settings.tsx";

/** Makes a group, or says who belongs to one: an e-mail address or id per line. */
export function GroupDialog({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(group?.name ?? "");
  const [people, setPeople] = useState((group?.members ?? []).map(({ email }) => email).join("\n"));
  const id = useId();
  const onSuccess = async () => {
    await queryClient.invalidateQueries({ queryKey: trpc.groups.pathKey() });
    onClose();
  };
  const create = useMutation(trpc.groups.create.mutationOptions({ onSuccess }));
  const set = useMutation(trpc.groups.setMembers.mutationOptions({ onSuccess }));
  const request = group === null ? create : set;
  const missing = name.trim() === "" ? "Give it a name" : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing !== null || request.isPending) return;
    request.mutate({
      name: name.trim(),
      members: people.split(/[\s,;]+/).filter((each) => each !== ""),
    });
  };
  return (
    <Dialog
      isOpen
      title={group === null ? "Create a group" : `Who belongs to ${group.name}`}
      description="Questions that name the group are decided by its people."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        {group === null ? (
          <label htmlFor={`${id}name`} className="flex flex-col gap-1">
            <span className="font-medium">Name</span>
            <TextField
              id={`${id}name`}
              value={name}
              maxLength={100}
              placeholder="finance"
              onChange={(event) => setName(event.target.value)}
            />
          </label>
        ) : null}
        <label htmlFor={`${id}people`} className="flex flex-col gap-1">
          <span className="font-medium">
            People{" "}
            <span className="font-normal text-ink-muted">(e-mail addresses, one per line)</span>
          </span>
          <TextArea
            id={`${id}people`}
            rows={6}
            value={people}
            placeholder="ada@example.com"
            onChange={(event) => setPeople(event.target.value)}
          />
        </label>
        <FormEnd
          action={group === null ? "Create group" : "Save"}
          missing={missing}
          request={request}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
