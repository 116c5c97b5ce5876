import type { ReactNode } from "react";

/** The pane beside the table: what is open, and how it differs. */
export function DetailsFrame({
  title,
  note,
  children,
}: {
  title: ReactNode;
  note: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-label="What differs"
      className="flex min-h-0 min-w-0 flex-1 flex-col gap-4 overflow-auto bg-surface p-4"
      tabIndex={0}
    >
      <div>
        <h2 className="font-semibold break-words">{title}</h2>
        <p className="text-ink-soft">{note}</p>
      </div>
      {children}
    </section>
  );
}
