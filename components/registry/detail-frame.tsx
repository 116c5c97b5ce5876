"use client";

import { SearchX } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { toErrorView } from "../api/error-view.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { KIND_WORDS, type RegistryKind } from "./registry-kinds.ts";

type DetailFrameProps = {
  kind: RegistryKind;
  id: string;
  /** Beside the id: the version or revision shown. */
  version: string | null;
  title?: string | undefined;
  actions?: ReactNode;
  isLoading: boolean;
  error: unknown;
  onRetry: () => void;
  children: ReactNode;
};

/** The head of a document's page, and what stands in for the rest while it loads or when it is not there. */
export function DetailFrame({
  kind,
  id,
  version,
  title,
  actions,
  isLoading,
  error,
  onRetry,
  children,
}: DetailFrameProps) {
  const { label, one } = KIND_WORDS[kind];
  const view = error === null ? null : toErrorView(error);
  return (
    <>
      <PageHeader
        title={
          <>
            <bdi>{title ?? id}</bdi>{" "}
            {version === null ? null : (
              <span className="mono text-base font-normal text-ink-muted">{version}</span>
            )}
          </>
        }
        actions={isLoading || view !== null ? undefined : actions}
      >
        <nav aria-label="Breadcrumb" className="flex flex-wrap gap-1.5">
          <Link className="hover:text-ink" href={`/registry/${kind}`}>
            {label}
          </Link>
          <span aria-hidden>/</span>
          <span className="mono break-all">{id}</span>
        </nav>
      </PageHeader>
      {view === null ? (
        isLoading ? (
          <div
            role="status"
            aria-label={`The ${one} is loading`}
            className="flex flex-col gap-4 p-6"
          >
            <Skeleton className="h-9 w-80" />
            <Skeleton className="h-64 w-full" />
          </div>
        ) : (
          children
        )
      ) : view.code === "not_found" ? (
        <EmptyState icon={SearchX} title={`There is no ${one} ${id}`}>
          {view.message}
        </EmptyState>
      ) : (
        <ErrorState error={view} onRetry={onRetry} />
      )}
    </>
  );
}
