import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

/** The looks of a button, for links that read as buttons too. */
export const buttonStyle = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors duration-100 select-none disabled:cursor-not-allowed disabled:opacity-60 aria-disabled:cursor-not-allowed aria-disabled:opacity-60 [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "bg-accent-fill text-on-accent hover:bg-accent-fill-hover",
        plain: "border border-line-strong bg-surface text-ink hover:bg-hover",
        quiet: "text-ink-soft hover:bg-hover hover:text-ink",
        danger: "border border-bad/60 bg-surface text-bad hover:bg-bad-soft",
      },
      size: { medium: "h-8 px-3", small: "h-7 px-2 text-sm", icon: "size-8", iconSmall: "size-6" },
    },
    defaultVariants: { look: "plain", size: "medium" },
  },
);

type ButtonProps = ComponentProps<"button"> &
  VariantProps<typeof buttonStyle> & {
    /** Why the button cannot be used now; shown on hover, read aloud, and the click does nothing. */
    blockedBecause?: string | null;
  };

/** A button. One that cannot be used stays focusable and says why. */
export function Button({ look, size, className, blockedBecause, onClick, ...rest }: ButtonProps) {
  const isBlocked = blockedBecause !== undefined && blockedBecause !== null;
  return (
    <button
      type="button"
      {...rest}
      {...(isBlocked ? { "aria-disabled": true, title: blockedBecause } : {})}
      onClick={isBlocked ? (event) => event.preventDefault() : onClick}
      className={classNames(buttonStyle({ look, size }), className)}
    />
  );
}
