import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { fieldStyle } from "./text-field.tsx";

/** The platform's own select: opens natively, works on a phone. */
export function SelectField({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <span className={classNames("relative inline-flex w-full", className)}>
      <select
        {...rest}
        className={classNames(fieldStyle, "h-8 appearance-none truncate pr-7 pl-2.5")}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-2 right-2 size-4 text-ink-muted"
      />
    </span>
  );
}
