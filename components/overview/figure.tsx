import Link from "next/link";
import { TONE_STYLE, type Tone } from "../runs/status-style.ts";
import { classNames } from "../ui/class-names.ts";
import { Skeleton } from "../ui/skeleton.tsx";

type FigureProps = { label: string; value: number | undefined; href: string; tone?: Tone };

/** One number with its name; it leads to what it counts. */
export function Figure({ label, value, href, tone = "idle" }: FigureProps) {
  return (
    <Link
      href={href}
      className="flex flex-col gap-1 rounded-lg border bg-surface px-4 py-3 hover:bg-hover"
    >
      <span className="text-ink-muted">{label}</span>
      {value === undefined ? (
        <Skeleton className="h-7 w-12" />
      ) : (
        <span
          className={classNames("text-xl font-semibold", tone !== "idle" && TONE_STYLE[tone].text)}
        >
          {value.toLocaleString()}
        </span>
      )}
    </Link>
  );
}
