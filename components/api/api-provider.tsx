"use client";

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { useState, type ReactNode } from "react";
import type { AppRouter } from "../../server/api/router.ts";
import { toErrorView } from "./error-view.ts";
import { reportConnection } from "../shell/live-connections.ts";
import { TRPCProvider } from "./trpc.ts";

const RETRYABLE = new Set(["unavailable", "internal_error", "upstream_failure", "rate_limited"]);

/** The asking as a whole, among the connections that the top bar tells of. */
const SERVER = Symbol("server");

/** Gives the pages their server data. A session that has ended leads to the sign-in page and back. */
export function ApiProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: "/api/trpc", maxItems: 10 })] }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        const { code } = toErrorView(error);
        if (code === "unauthorized") goToSignIn();
        // Pages keep what they last heard, which must not pass for news.
        if (code === "unavailable") reportConnection(SERVER, "unreachable");
      },
      onSuccess: () => reportConnection(SERVER, null),
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && RETRYABLE.has(toErrorView(error).code),
      },
    },
  });
}

function goToSignIn(): void {
  if (location.pathname === "/sign-in") return;
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
