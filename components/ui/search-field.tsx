"use client";

import { Search } from "lucide-react";
import { useEffect, useRef, useState, type Ref } from "react";
import { classNames } from "./class-names.ts";
import { TextField } from "./text-field.tsx";

type SearchFieldProps = {
  label: string;
  placeholder: string;
  /** What is searched for now; it may change from outside, by Back or by lifting a filter. */
  value: string;
  /** Called once the typing has paused. */
  onSearch: (text: string) => void;
  className?: string;
  ref?: Ref<HTMLInputElement>;
};

const PAUSE_MS = 200;

/** A search whose text is its own while someone types: the URL, which follows slowly, never takes letters away. */
export function SearchField({
  label,
  placeholder,
  value,
  onSearch,
  className,
  ref,
}: SearchFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  // Once the value has caught up with what was typed, it leads again.
  if (draft !== null && draft === value) setDraft(null);
  const [sent, setSent] = useState<string | null>(null);
  const send = (text: string) => {
    setSent(text);
    onSearch(text);
  };
  const latest = useRef(send);
  useEffect(() => {
    latest.current = send;
  });
  // Outside system: the clock, which tells that the typing has paused.
  useEffect(() => {
    if (draft === null || draft === sent) return;
    const timer = setTimeout(() => latest.current(draft), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, sent]);
  return (
    <span className={classNames("relative", className)}>
      <Search aria-hidden className="absolute top-2 left-2 size-4 text-ink-muted" />
      <TextField
        ref={ref}
        type="search"
        value={draft ?? value}
        onChange={(event) => {
          setDraft(event.target.value);
          setSent(null);
        }}
        // Whoever leaves the field may be about to open a page, which a search that comes later would undo.
        onBlur={() => {
          if (draft !== null && draft !== sent) send(draft);
        }}
        aria-label={label}
        placeholder={placeholder}
        className="pl-8"
      />
    </span>
  );
}
