"use client";

import { useQuery } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";
import { NOTICE_TYPES, type NoticeType } from "../../core/notice.ts";
import { useTRPC } from "../api/trpc.ts";
import { SelectField } from "../ui/select-field.tsx";
import { TextField } from "../ui/text-field.tsx";
import { NOTICE_LABEL } from "./notice-words.ts";

/** What is said of every channel, whatever its kind. An empty `environment` stands for all of them. */
type ChannelDraft = { name: string; environment: string; types: ReadonlySet<NoticeType> };

/** The draft of a new channel: how it is changed, what is missing, and what is sent. */
export function useChannelDraft() {
  const [draft, setDraft] = useState<ChannelDraft>({
    name: "",
    environment: "",
    types: new Set(NOTICE_TYPES),
  });
  const { name, environment, types } = draft;
  const missing =
    name.trim() === "" ? "Give it a name" : types.size === 0 ? "Choose what it is told of" : null;
  const input = {
    name: name.trim(),
    types: NOTICE_TYPES.filter((type) => types.has(type)),
    ...(environment === "" ? {} : { environment }),
  };
  return { draft, setDraft, missing, input };
}

/** The fields of a channel's draft; `children` is where it leads. */
export function ChannelFields({
  draft,
  onChange,
  namePlaceholder,
  children,
}: {
  draft: ChannelDraft;
  onChange: (draft: ChannelDraft) => void;
  namePlaceholder: string;
  children: ReactNode;
}) {
  const trpc = useTRPC();
  const environments = useQuery(trpc.environments.list.queryOptions());
  const id = useId();
  const toggle = (type: NoticeType) => {
    const types = new Set(draft.types);
    if (!types.delete(type)) types.add(type);
    onChange({ ...draft, types });
  };
  return (
    <>
      <label htmlFor={`${id}name`} className="flex flex-col gap-1">
        <span className="font-medium">Name</span>
        <TextField
          id={`${id}name`}
          value={draft.name}
          maxLength={100}
          placeholder={namePlaceholder}
          onChange={(event) => onChange({ ...draft, name: event.target.value })}
        />
      </label>
      {children}
      <label htmlFor={`${id}environment`} className="flex flex-col gap-1">
        <span className="font-medium">Environment</span>
        <SelectField
          id={`${id}environment`}
          value={draft.environment}
          onChange={(event) => onChange({ ...draft, environment: event.target.value })}
        >
          <option value="">All</option>
          {(environments.data?.items ?? []).map((item) => (
            <option key={item.name}>{item.name}</option>
          ))}
        </SelectField>
      </label>
      <fieldset className="flex flex-col">
        <legend className="mb-1 font-medium">Tell when</legend>
        {NOTICE_TYPES.map((type) => (
          <label key={type} className="flex h-7 cursor-pointer items-center gap-2">
            <input
              type="checkbox"
              checked={draft.types.has(type)}
              onChange={() => toggle(type)}
              className="accent-accent-fill"
            />
            {NOTICE_LABEL[type]}
          </label>
        ))}
      </fieldset>
    </>
  );
}
