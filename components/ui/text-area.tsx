import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";
import { fieldStyle } from "./text-field.tsx";

/** A text input of several lines. */
export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea {...rest} className={classNames(fieldStyle, "block px-2.5 py-1.5", className)} />
  );
}
