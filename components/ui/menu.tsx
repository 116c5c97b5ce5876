"use client";

import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

/** A menu that opens from `trigger`; its children are `MenuItem`, `MenuChoice` and `MenuLine`. */
export function Menu({
  trigger,
  align = "start",
  children,
}: {
  trigger: ReactNode;
  align?: "start" | "end";
  children: ReactNode;
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[70vh] min-w-44 overflow-auto rounded-lg border border-line-strong bg-raised p-1 shadow-xl"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const ITEM =
  "flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 outline-none select-none data-[highlighted]:bg-hover [&_svg]:size-3.5 [&_svg]:shrink-0";

/** One thing to do. */
export function MenuItem({ onSelect, children }: { onSelect: () => void; children: ReactNode }) {
  return (
    <DropdownMenu.Item className={ITEM} onSelect={onSelect}>
      {children}
    </DropdownMenu.Item>
  );
}

/** One of several choices, ticked while it holds; choosing keeps the menu open where `stays` is set. */
export function MenuChoice({
  isChosen,
  onSelect,
  stays = false,
  children,
}: {
  isChosen: boolean;
  onSelect: () => void;
  stays?: boolean;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.CheckboxItem
      className={ITEM}
      checked={isChosen}
      onSelect={(event) => {
        if (stays) event.preventDefault();
        onSelect();
      }}
    >
      <span className="flex size-3.5 items-center justify-center">
        {isChosen ? <Check aria-hidden className="text-accent" /> : null}
      </span>
      {children}
    </DropdownMenu.CheckboxItem>
  );
}

/** A heading inside a menu. */
export function MenuLabel({ children }: { children: ReactNode }) {
  return (
    <DropdownMenu.Label className="px-2 py-1 text-xs text-ink-muted">{children}</DropdownMenu.Label>
  );
}

/** A hairline between groups of a menu. */
export function MenuLine() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}
