import { classNames } from "../ui/class-names.ts";

/** The letter of one of the two runs. */
export function SideTag({ side }: { side: "A" | "B" }) {
  return (
    <span
      className={classNames(
        "mono inline-flex size-5 shrink-0 items-center justify-center rounded-sm border font-medium",
        side === "A" ? "border-line-strong text-ink-soft" : "border-accent text-accent",
      )}
    >
      {side}
    </span>
  );
}
