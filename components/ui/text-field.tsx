import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

/** The frame that text inputs, areas and selects share. */
export const fieldStyle =
  "w-full rounded-md border border-control-line bg-surface text-ink placeholder:text-ink-muted disabled:opacity-60 aria-invalid:border-bad";

/** A one-line text input. */
export function TextField({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={classNames(fieldStyle, "h-8 px-2.5", className)} />;
}
