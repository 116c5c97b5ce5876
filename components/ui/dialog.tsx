"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";

type DialogProps = {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  description?: string;
  children: ReactNode;
};

/**
 * A modal question. Its first field has the focus, or else its first button; Escape, the cross and a click outside
 * close it, and focus goes back to where it was.
 */
export function Dialog({ isOpen, onClose, title, description, children }: DialogProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/50" />
        <Radix.Content
          onOpenAutoFocus={focusFirstField}
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          className="fixed top-[12vh] left-1/2 z-50 max-h-[80vh] w-[min(480px,calc(100vw-32px))] -translate-x-1/2 overflow-auto rounded-lg border border-line-strong bg-raised p-5 shadow-2xl"
        >
          <div className="flex items-start justify-between gap-4">
            <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
            <Radix.Close asChild>
              <Button look="quiet" size="iconSmall" aria-label="Close">
                <X aria-hidden />
              </Button>
            </Radix.Close>
          </div>
          {description === undefined ? null : (
            <Radix.Description className="mt-1 text-ink-soft">{description}</Radix.Description>
          )}
          <div className="mt-4">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Otherwise the cross would have the focus, and the first space of a typed reason would close the dialog. */
function focusFirstField(event: Event): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  const field = event.currentTarget.querySelector<HTMLElement>("input, textarea, select");
  if (field === null) return;
  event.preventDefault();
  field.focus();
}
