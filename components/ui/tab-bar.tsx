"use client";

import type { ReactNode } from "react";
import { Tabs } from "radix-ui";
import { classNames } from "./class-names.ts";

type TabBarProps<T extends string> = {
  label: string;
  tabs: readonly { value: T; label: ReactNode }[];
  value: T;
  onChange: (value: T) => void;
  children: ReactNode;
  /** Whether the tabs stand on a page or in a pane of one: their text lines up with what is around. */
  place?: "page" | "pane";
  className?: string;
};

/** Tabs with their panel below. The chosen tab is the caller's (it belongs in the URL); arrow keys move along. */
export function TabBar<T extends string>({
  label,
  tabs,
  value,
  onChange,
  children,
  place = "pane",
  className,
}: TabBarProps<T>) {
  return (
    <Tabs.Root
      value={value}
      onValueChange={(next) => {
        const tab = tabs.find((candidate) => candidate.value === next);
        if (tab !== undefined) onChange(tab.value);
      }}
      className={className ?? "flex min-h-0 flex-1 flex-col"}
    >
      <Tabs.List
        aria-label={label}
        className={classNames(
          "flex shrink-0 overflow-x-auto border-b px-2.5",
          place === "page" && "lg:px-4.5",
        )}
      >
        {tabs.map((tab) => (
          <Tabs.Trigger
            key={tab.value}
            value={tab.value}
            // Radix focuses a pressed tab by a call, which browsers take for the keyboard's unless told otherwise.
            onMouseDown={(event) => event.currentTarget.focus({ focusVisible: false })}
            className="-mb-px flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-1.5 text-ink-muted -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {tab.label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value={value} className="flex min-h-0 flex-1 flex-col -outline-offset-2">
        {children}
      </Tabs.Content>
    </Tabs.Root>
  );
}
