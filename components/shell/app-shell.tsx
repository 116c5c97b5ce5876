"use client";

import { useEffect, useState, type ReactNode } from "react";
import { Toaster } from "sonner";
import { useNewestApproval } from "../approvals/use-newest-approval.ts";
import { CommandPalette } from "./command-palette.tsx";
import { KeySheet } from "./key-sheet.tsx";
import { LeftRail } from "./left-rail.tsx";
import { PageKeysProvider, usePageKeys } from "./page-keys.tsx";
import type { Theme } from "./theme.ts";
import { TopBar } from "./top-bar.tsx";

/** What stays while pages change: rail, top bar, palette, key sheet, notices. */
export function AppShell({ theme, children }: { theme: Theme; children: ReactNode }) {
  return (
    <PageKeysProvider>
      <Frame theme={theme}>{children}</Frame>
    </PageKeysProvider>
  );
}

function Frame({ theme, children }: { theme: Theme; children: ReactNode }) {
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  usePageKeys([{ key: "?", label: "Show this sheet", run: () => setOpen("keys") }]);

  const goToNewest = useNewestApproval();

  // Outside system: the keyboard. ⌘K and ⌘⇧J work while typing too, so they are not among the page's keys.
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey)) return;
      const key = event.key.toLowerCase();
      if (key === "k") {
        event.preventDefault();
        setOpen((before) => (before === "palette" ? null : "palette"));
      } else if (key === "j" && event.shiftKey) {
        event.preventDefault();
        setOpen(null);
        void goToNewest();
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [goToNewest]);

  return (
    <div className="flex h-dvh flex-col md:flex-row">
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-raised focus:p-2"
      >
        Skip to the page
      </a>
      <LeftRail />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <TopBar
          theme={theme}
          onOpenPalette={() => setOpen("palette")}
          onOpenKeys={() => setOpen("keys")}
        />
        <main
          id="page"
          tabIndex={-1}
          className="flex min-h-0 flex-1 flex-col overflow-auto bg-page outline-none"
        >
          {children}
        </main>
      </div>
      <CommandPalette isOpen={open === "palette"} onClose={() => setOpen(null)} />
      <KeySheet isOpen={open === "keys"} onClose={() => setOpen(null)} />
      <Toaster
        position="bottom-right"
        toastOptions={{
          className: "border! border-line-strong! bg-raised! text-ink! text-base! shadow-lg!",
        }}
      />
    </div>
  );
}
