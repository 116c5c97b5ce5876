import { X } from "lucide-react";

/** One filter that holds, with a cross that lifts it. */
export function FilterChip({
  name,
  value,
  onRemove,
}: {
  name: string;
  value: string;
  onRemove: () => void;
}) {
  return (
    <span className="flex h-7 max-w-72 items-center gap-1 rounded-md border border-line-strong bg-surface pl-2 text-sm">
      <span className="text-ink-muted">{name}</span>
      <span className="truncate font-medium">{value}</span>
      <button
        type="button"
        onClick={onRemove}
        aria-label={`Remove filter ${name} ${value}`}
        className="flex size-7 items-center justify-center rounded-md text-ink-muted hover:text-ink"
      >
        <X aria-hidden className="size-3" />
      </button>
    </span>
  );
}
