"use client";

import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import type { AppRouter } from "../../server/api/router.ts";

/**
 * `useTRPC()` gives the query and mutation options of every procedure, `useTRPCClient()` calls them; the provider is in
 * api-provider.tsx.
 */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** What each procedure takes. */
export type ApiInputs = inferRouterInputs<AppRouter>;

/** What each procedure answers. */
export type ApiOutputs = inferRouterOutputs<AppRouter>;
