"use client";

import { useQuery } from "@tanstack/react-query";
import { Keyboard, Search } from "lucide-react";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { KeyCap } from "../ui/key-cap.tsx";
import { EnvironmentMenu } from "./environment-menu.tsx";
import { LiveIndicator } from "./live-indicator.tsx";
import { useModifierKey } from "./modifier-key.ts";
import type { Theme } from "./theme.ts";
import { ThemeSwitch } from "./theme-switch.tsx";
import { UserMenu } from "./user-menu.tsx";

type TopBarProps = { theme: Theme; onOpenPalette: () => void; onOpenKeys: () => void };

/** Where one is (tenant, environment), how to get elsewhere, and whether the page is live. */
export function TopBar({ theme, onOpenPalette, onOpenKeys }: TopBarProps) {
  const trpc = useTRPC();
  const modifier = useModifierKey();
  const me = useQuery(trpc.me.get.queryOptions());
  return (
    <div role="banner" className="flex h-12 shrink-0 items-center gap-2 border-b bg-surface px-3">
      {/* Both sides take the same room, so that the search stays where it is, whatever they hold. */}
      <div className="flex flex-1 items-center gap-2">
        <span className="max-w-48 truncate font-medium max-sm:max-w-24">
          {me.data?.tenant.name}
        </span>
        <span aria-hidden className="text-line-strong">
          /
        </span>
        <EnvironmentMenu />
      </div>
      <button
        type="button"
        onClick={onOpenPalette}
        aria-label="Search pages, skills and runs"
        className="flex h-8 items-center gap-2 rounded-md border bg-sunken px-2 text-ink-muted hover:border-line-strong hover:text-ink sm:w-72"
      >
        <Search aria-hidden className="size-3.5" />
        <span className="flex-1 text-left max-sm:hidden">Go to…</span>
        <span className="flex gap-1 max-sm:hidden">
          <KeyCap>{modifier}</KeyCap>
          <KeyCap>K</KeyCap>
        </span>
      </button>
      <div className="flex flex-1 items-center justify-end gap-2">
        <LiveIndicator />
        <span className="flex items-center gap-2 max-md:hidden">
          <Button
            look="quiet"
            size="icon"
            onClick={onOpenKeys}
            aria-label="Keys of this page"
            title="Keys of this page (?)"
          >
            <Keyboard aria-hidden className="size-4!" />
          </Button>
          <ThemeSwitch initial={theme} />
        </span>
        <UserMenu />
      </div>
    </div>
  );
}
