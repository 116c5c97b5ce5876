import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { CommandLine } from "./command-line.tsx";

type EmptyStateProps = {
  icon: LucideIcon;
  /** Why there is nothing, as a sentence. */
  title: string;
  /** What to do next. */
  children?: ReactNode;
  command?: string;
};

/** What a list shows when it has nothing: the cause, the next step, and a command that does it. */
export function EmptyState({ icon: Icon, title, children, command }: EmptyStateProps) {
  return (
    <div className="mx-auto flex w-full max-w-md flex-col items-center gap-3 px-6 py-12 text-center">
      <Icon aria-hidden className="size-6 text-ink-muted" strokeWidth={1.5} />
      <p className="text-lg font-medium text-balance">{title}</p>
      {children === undefined ? null : <div className="text-ink-soft text-pretty">{children}</div>}
      {command === undefined ? null : <CommandLine command={command} />}
    </div>
  );
}
