import { OctagonExclamationPoint, RotateCw } from "lucide-react";
import type { ErrorView } from "../api/error-view.ts";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";

/** An error as a person can act on it: message, hint, code, trace id to quote, and a retry. */
export function ErrorState({ error, onRetry }: { error: ErrorView; onRetry?: () => void }) {
  return (
    <div role="alert" className="mx-auto flex w-full max-w-lg flex-col gap-3 px-6 py-10">
      <div className="flex items-start gap-3">
        <OctagonExclamationPoint aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
        <div className="min-w-0">
          <p className="font-medium break-words">{error.message}</p>
          {error.hint === null ? null : (
            <p className="mt-1 break-words text-ink-soft">{error.hint}</p>
          )}
          <p className="mono mt-2 flex flex-wrap items-center gap-x-3 text-ink-muted">
            <span>{error.code}</span>
            {error.traceId === null ? null : (
              <span className="flex min-w-0 items-center gap-1">
                <span className="truncate">trace {error.traceId}</span>
                <CopyButton text={error.traceId} label="Copy trace id" />
              </span>
            )}
          </p>
        </div>
      </div>
      {onRetry === undefined ? null : (
        <div className="pl-8">
          <Button onClick={onRetry}>
            <RotateCw aria-hidden /> Try again
          </Button>
        </div>
      )}
    </div>
  );
}
