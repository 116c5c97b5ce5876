"use client";

import { Radio, RefreshCw, Unplug, type LucideIcon } from "lucide-react";
import { onlineManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { classNames } from "../ui/class-names.ts";
import { useLiveState, type LiveState } from "./live-connections.ts";

type Look = { icon: LucideIcon; label: string; title: string; tone: string };

const LOOK: Record<LiveState | "offline", Look> = {
  following: {
    icon: Radio,
    label: "Live",
    title: "Events arrive as they are written",
    tone: "text-done",
  },
  polling: {
    icon: RefreshCw,
    label: "Auto-refresh",
    title: "Lists are refreshed every few seconds",
    tone: "text-ink-muted",
  },
  reconnecting: {
    icon: Unplug,
    label: "Reconnecting",
    title: "The event stream broke; it goes on where it stopped",
    tone: "text-waiting",
  },
  unreachable: {
    icon: Unplug,
    label: "No answer",
    title: "The server does not answer; what is shown may be old. Runs go on without this page",
    tone: "text-bad",
  },
  offline: {
    icon: Unplug,
    label: "Offline",
    title: "This device is offline; runs go on without it",
    tone: "text-bad",
  },
};

/** Whether what is on screen follows the server. */
export function LiveIndicator() {
  const state = useLiveState();
  const isOnline = useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
    () => true,
  );
  const { icon: Icon, label, title, tone } = LOOK[isOnline ? state : "offline"];
  return (
    <span
      role="status"
      title={title}
      className={classNames("flex items-center gap-1.5 text-sm", tone)}
    >
      <Icon aria-hidden className="size-3.5" />
      <span className="max-sm:sr-only">{label}</span>
    </span>
  );
}
