"use client";

import Link from "next/link";
import { classNames } from "../ui/class-names.ts";
import { RelativeTime } from "../ui/relative-time.tsx";
import { registryHref, type RegistryKind } from "./registry-kinds.ts";

type VersionListProps = {
  kind: RegistryKind;
  id: string;
  current: string;
  versions:
    | readonly { name: string; hash: string; importedAt: string; isDeprecated: boolean }[]
    | undefined;
};

/** Every version of a document, newest first; a version never changes, so each has a content hash. */
export function VersionList({ kind, id, current, versions }: VersionListProps) {
  return (
    <ul aria-label="Versions" className="m-4 divide-y overflow-hidden rounded-lg border lg:m-6">
      {(versions ?? []).map(({ name, hash, importedAt, isDeprecated }) => (
        <li
          key={name}
          className={classNames(
            "flex flex-wrap items-center gap-x-4 px-3 py-2",
            name === current && "bg-selected",
          )}
        >
          <Link
            className="mono font-medium text-accent hover:underline"
            href={registryHref(kind, id, name)}
            aria-current={name === current ? "true" : undefined}
          >
            {name}
          </Link>
          {isDeprecated ? <span className="text-sm text-waiting">deprecated</span> : null}
          <span className="mono min-w-0 flex-1 truncate text-ink-muted" title={hash}>
            {hash}
          </span>
          <span className="text-ink-muted">
            <RelativeTime at={importedAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}
