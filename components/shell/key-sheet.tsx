"use client";

import { Dialog } from "../ui/dialog.tsx";
import { KeyCap } from "../ui/key-cap.tsx";
import { useModifierKey } from "./modifier-key.ts";
import { usePageKeyList } from "./page-keys.tsx";

const NAMES: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  " ": "Space",
};

/** What the keyboard does on this page. */
export function KeySheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const keys = usePageKeyList();
  const modifier = useModifierKey();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Keys of this page">
      <ul className="flex flex-col gap-2">
        {keys.map(({ key, label }) => (
          <li key={key} className="flex items-center justify-between gap-4">
            <span>{label}</span>
            <KeyCap>{NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key)}</KeyCap>
          </li>
        ))}
        <li className="flex items-center justify-between gap-4">
          <span>Go to a page, skill or run</span>
          <span className="flex gap-1">
            <KeyCap>{modifier}</KeyCap>
            <KeyCap>K</KeyCap>
          </span>
        </li>
        <li className="flex items-center justify-between gap-4">
          <span>Go to the newest approval that waits for you</span>
          <span className="flex gap-1">
            <KeyCap>{modifier}</KeyCap>
            <KeyCap>⇧</KeyCap>
            <KeyCap>J</KeyCap>
          </span>
        </li>
      </ul>
    </Dialog>
  );
}
