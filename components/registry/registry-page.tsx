"use client";

import { SearchX, Upload } from "lucide-react";
import Link from "next/link";
import { useRef, useState } from "react";
import { toErrorView } from "../api/error-view.ts";
import { usePageKeys } from "../shell/page-keys.tsx";
import { buttonStyle } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { KIND_WORDS, REGISTRY_KINDS, type RegistryKind } from "./registry-kinds.ts";
import { RegistryList } from "./registry-list.tsx";
import { useRegistryItems } from "./use-registry-items.ts";
import { useRegistrySearch } from "./use-registry-search.ts";

/** The documents of one kind, with a search and the way to the other kinds. */
export function RegistryPage({ kind }: { kind: RegistryKind }) {
  const [q, setQ] = useRegistrySearch();
  const query = useRegistryItems(kind, q);
  const searchField = useRef<HTMLInputElement>(null);
  const [current, setCurrent] = useState(-1);
  const items = query.items;
  usePageKeys([
    { key: "f", label: "Search", run: () => searchField.current?.focus() },
    {
      key: "j",
      label: "Next entry",
      run: () => setCurrent(Math.min((items?.length ?? 0) - 1, current + 1)),
    },
    { key: "k", label: "Previous entry", run: () => setCurrent(Math.max(0, current - 1)) },
  ]);
  const { one, icon, what } = KIND_WORDS[kind];
  return (
    <>
      <PageHeader
        title="Registry"
        actions={
          <Link href="/registry/import" className={buttonStyle({ look: "plain" })}>
            <Upload aria-hidden /> Import
          </Link>
        }
      >
        {what}
      </PageHeader>
      <nav
        aria-label="Kinds of documents"
        className="flex shrink-0 gap-1 overflow-x-auto border-b px-2.5 lg:px-4.5"
      >
        {REGISTRY_KINDS.map((other) => (
          <Link
            key={other}
            href={`/registry/${other}`}
            aria-current={other === kind ? "page" : undefined}
            className={classNames(
              "-mb-px flex h-9 items-center border-b-2 border-transparent px-1.5 text-ink-muted -outline-offset-2 hover:text-ink",
              other === kind && "border-accent font-medium text-ink",
            )}
          >
            {KIND_WORDS[other].label}
          </Link>
        ))}
      </nav>
      <div role="search" className="border-b px-4 py-2 lg:px-6">
        <SearchField
          ref={searchField}
          label={`Search ${KIND_WORDS[kind].label.toLowerCase()}`}
          placeholder="Id or description"
          value={q}
          onSearch={(text) => {
            setQ(text);
            setCurrent(-1);
          }}
          className="block sm:max-w-80"
        />
      </div>
      {query.error !== null && items === undefined ? (
        <ErrorState error={toErrorView(query.error)} onRetry={query.retry} />
      ) : items === undefined ? (
        <div role="status" aria-label="The registry is loading">
          {Array.from({ length: 10 }, (_, index) => (
            <div key={index} className="flex h-13 items-center gap-4 border-b px-4 lg:px-6">
              <Skeleton className="h-4 w-64" />
              <Skeleton className="ml-auto h-4 w-16" />
            </div>
          ))}
        </div>
      ) : items.length > 0 ? (
        <RegistryList
          kind={kind}
          items={items}
          current={current}
          hasMore={query.hasMore}
          onNearEnd={query.fetchMore}
        />
      ) : q === "" ? (
        <EmptyState
          icon={icon}
          title={`No ${one} has been imported yet`}
          command="orca import ./registry"
        >
          Bring a folder or an archive on the{" "}
          <Link className="text-accent underline" href="/registry/import">
            import page
          </Link>
          , or from a terminal:
        </EmptyState>
      ) : (
        <EmptyState icon={SearchX} title={`No ${one} contains “${q}”`} />
      )}
    </>
  );
}
