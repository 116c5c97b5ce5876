"use client";

import { useQuery } from "@tanstack/react-query";
import { BookOpen, CircleUser, LogOut } from "lucide-react";
import { signOut } from "next-auth/react";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuLine } from "../ui/menu.tsx";

/** Who is signed in, and the way out. */
export function UserMenu() {
  const trpc = useTRPC();
  const me = useQuery(trpc.me.get.queryOptions());
  const name = me.data?.user.name ?? "";
  return (
    <Menu
      align="end"
      trigger={
        <Button
          look="quiet"
          size="icon"
          aria-label={name === "" ? "Your account" : `Account of ${name}`}
        >
          <CircleUser aria-hidden className="size-4!" />
        </Button>
      }
    >
      <div className="max-w-64 px-2 py-1.5">
        <p className="truncate font-medium">{name}</p>
        <p className="truncate text-sm text-ink-muted">{me.data?.user.email}</p>
        <p className="truncate text-sm text-ink-muted">{me.data?.role?.replaceAll("_", " ")}</p>
      </div>
      <MenuLine />
      <MenuItem onSelect={() => window.open("/api/v1/docs", "_blank", "noopener")}>
        <BookOpen aria-hidden /> API reference
      </MenuItem>
      <MenuItem onSelect={() => void signOut({ callbackUrl: "/sign-in" })}>
        <LogOut aria-hidden /> Sign out
      </MenuItem>
    </Menu>
  );
}
