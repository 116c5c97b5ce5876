"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { ApprovalCount } from "../approvals/approval-count.tsx";
import { classNames } from "../ui/class-names.ts";
import { OrcaMark } from "./orca-mark.tsx";
import { isOnPage, RAIL_PAGES } from "./rail-pages.ts";

/** The way between pages: beside the page on a desk, along the foot on a phone. */
export function LeftRail() {
  const path = usePathname();
  return (
    <nav
      aria-label="Pages"
      className="flex shrink-0 border-line bg-sunken max-md:order-last max-md:justify-around max-md:border-t max-md:px-2 max-md:py-1 md:w-48 md:flex-col md:gap-0.5 md:border-r md:p-2"
    >
      <Link
        href="/"
        className="mb-2 flex h-9 items-center gap-2 px-2 text-lg font-semibold max-md:hidden"
      >
        <OrcaMark /> Orca
      </Link>
      {RAIL_PAGES.map(({ href, label, icon: Icon }) => {
        const isHere = isOnPage(path, href);
        return (
          <Link
            key={href}
            href={href}
            aria-current={isHere ? "page" : undefined}
            className={classNames(
              "relative flex items-center gap-2 rounded-md px-2 max-md:h-12 max-md:min-w-0 max-md:flex-1 max-md:flex-col max-md:px-0 max-md:justify-center max-md:gap-0.5 max-md:text-xs md:h-8",
              isHere
                ? "bg-hover font-medium text-ink"
                : "text-ink-soft hover:bg-hover hover:text-ink",
            )}
          >
            <Icon aria-hidden className={classNames("size-4 shrink-0", isHere && "text-accent")} />
            {label}
            {href === "/approvals" ? <ApprovalCount /> : null}
          </Link>
        );
      })}
    </nav>
  );
}
