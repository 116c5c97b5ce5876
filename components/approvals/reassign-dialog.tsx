"use client";

import { useQuery } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { mayDecide, ROLES } from "../../core/permissions.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Problem } from "../ui/problem.tsx";
import { SelectField } from "../ui/select-field.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { TextField } from "../ui/text-field.tsx";
import type { ApprovalAnswer } from "./use-answer.ts";

const KINDS = { role: "Everybody with the role", user: "One person", group: "A group" } as const;
type Kind = keyof typeof KINDS;

/** Gives a question to others: to a role, a person or a group, with a word to them. */
export function ReassignDialog({
  answer,
  onClose,
}: {
  answer: ApprovalAnswer;
  onClose: () => void;
}) {
  const [kind, setKind] = useState<Kind>("role");
  const [role, setRole] = useState("approver");
  const [name, setName] = useState("");
  const [comment, setComment] = useState("");
  const id = useId();
  const groups = useQuery(useTRPC().groups.list.queryOptions());
  const who = kind === "role" ? role : name.trim();
  const missing = who === "" ? "Say first to whom" : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (missing !== null || answer.isBusy) return;
    const to = { roles: [], users: [], groups: [], [`${kind}s`]: [who] };
    answer.reassign(
      { ...to, ...(comment.trim() === "" ? {} : { comment: comment.trim() }) },
      onClose,
    );
  };
  return (
    <Dialog
      isOpen
      title="Give this to others"
      description="From now on they decide, and who could decide before cannot unless they are among them. Answers so far stay."
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <label htmlFor={`${id}kind`} className="flex flex-col gap-1">
          <span className="font-medium">To</span>
          <SelectField
            id={`${id}kind`}
            value={kind}
            onChange={({ target }) => {
              setName("");
              setKind(target.value === "user" || target.value === "group" ? target.value : "role");
            }}
          >
            {Object.entries(KINDS).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </SelectField>
        </label>
        <label htmlFor={`${id}who`} className="flex flex-col gap-1">
          <span className="font-medium">
            {kind === "role" ? "Role" : kind === "user" ? "E-mail address or id" : "Group"}
          </span>
          {kind === "role" ? (
            <SelectField
              id={`${id}who`}
              value={role}
              onChange={(event) => setRole(event.target.value)}
            >
              {ROLES.filter(mayDecide).map((value) => (
                <option key={value}>{value}</option>
              ))}
            </SelectField>
          ) : kind === "group" ? (
            <SelectField
              id={`${id}who`}
              value={name}
              onChange={(event) => setName(event.target.value)}
            >
              <option value="">
                {groups.data?.items.length === 0 ? "There is no group yet" : "Choose one"}
              </option>
              {(groups.data?.items ?? []).map((group) => (
                <option key={group.name}>{group.name}</option>
              ))}
            </SelectField>
          ) : (
            <TextField
              id={`${id}who`}
              value={name}
              maxLength={200}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </label>
        <label htmlFor={id} className="flex flex-col gap-1">
          <span className="font-medium">
            Why <span className="font-normal text-ink-muted">(optional, kept in the history)</span>
          </span>
          <TextArea
            id={id}
            rows={2}
            maxLength={2_000}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        </label>
        {answer.error === null ? null : <Problem error={answer.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Keep as it is</Button>
          <Button
            type="submit"
            look="primary"
            blockedBecause={answer.isBusy ? "The request is on its way" : missing}
          >
            Give it to them
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
