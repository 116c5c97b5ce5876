import { classNames } from "./class-names.ts";

/** A grey block of the size of what is being loaded. Give it its final width and height. */
export function Skeleton({ className }: { className: string }) {
  return (
    <span
      aria-hidden
      className={classNames("block animate-pulse rounded-sm bg-hover", className)}
    />
  );
}
