"use client";

import {
  createContext,
  useContext,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from "react";

/** A key of the page: what to press (as `KeyboardEvent.key`), what it is called, what it does. */
export type PageKey = { key: string; label: string; run: () => void };

type Registry = { keys: readonly PageKey[]; register: (keys: readonly PageKey[]) => () => void };
const PageKeysContext = createContext<Registry>({ keys: [], register: () => () => {} });

/** Holds the keys that the page on screen understands and answers them, but not while someone types. */
export function PageKeysProvider({ children }: { children: ReactNode }) {
  const [groups, setGroups] = useState<ReadonlySet<readonly PageKey[]>>(new Set());
  const keys = useMemo(() => [...groups].flat(), [groups]);
  const register = useCallback((added: readonly PageKey[]) => {
    setGroups((before) => new Set(before).add(added));
    return () =>
      setGroups((before) => {
        const after = new Set(before);
        after.delete(added);
        return after;
      });
  }, []);

  // Outside system: the keyboard.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || hasModifier(event) || isTaken(event)) return;
      const pressed = keys.find(
        (candidate) => candidate.key.toLowerCase() === event.key.toLowerCase(),
      );
      if (pressed === undefined) return;
      event.preventDefault();
      pressed.run();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [keys]);

  const value = useMemo(() => ({ keys, register }), [keys, register]);
  return <PageKeysContext value={value}>{children}</PageKeysContext>;
}

function hasModifier(event: KeyboardEvent): boolean {
  return event.metaKey || event.ctrlKey || event.altKey;
}

const TYPED_INTO =
  "input, textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox]";
const MOVED_IN = "[role=tablist], [role=tree], [role=list], [role=region], [role=separator]";

/** Whether the key already means something to what has the focus: text, an own way through by arrows, a press. */
function isTaken({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest(TYPED_INTO) !== null) return true;
  if (key.startsWith("Arrow")) return target.closest(MOVED_IN) !== null;
  return (key === "Enter" || key === " ") && target.closest("a, button, summary") !== null;
}

/** Adds keys to the page while the caller is mounted. What a key does may change at each render. */
export function usePageKeys(keys: readonly PageKey[]): void {
  const { register } = useContext(PageKeysContext);
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  const shape = keys.map((key) => `${key.key}\t${key.label}`).join("\n");
  useEffect(() => {
    if (shape === "") return;
    return register(
      shape.split("\n").map((line, index) => {
        const [key = "", label = ""] = line.split("\t");
        return { key, label, run: () => latest.current[index]?.run() };
      }),
    );
  }, [register, shape]);
}

/** The keys of the page on screen, for the sheet that lists them. */
export function usePageKeyList(): readonly PageKey[] {
  return useContext(PageKeysContext).keys;
}
