import type { ReactNode } from "react";

/** The line that opens every page: its name, a sentence, and what one can do here. */
export function PageHeader({
  title,
  children,
  actions,
}: {
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b px-4 py-3 lg:px-6">
      <div className="min-w-0 flex-1 basis-40">
        <h1 className="truncate text-lg font-semibold">{title}</h1>
        {children === undefined ? null : <div className="text-ink-muted">{children}</div>}
      </div>
      {actions === undefined ? null : (
        <div className="flex flex-wrap items-center gap-2">{actions}</div>
      )}
    </header>
  );
}
