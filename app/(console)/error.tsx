"use client";

import { ErrorState } from "../../components/ui/error-state.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function ConsoleError({ error, reset }: Props) {
  return (
    <ErrorState
      error={{
        code: "page_failed",
        message: "This page stopped working.",
        hint: "Runs are not affected. If it happens again, report what you did just before.",
        traceId: error.digest ?? null,
        details: {},
      }}
      onRetry={reset}
    />
  );
}
