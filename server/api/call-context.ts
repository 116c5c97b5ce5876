import type { ApiContext, Caller } from "./api-context.ts";

/** What a use case behind a permission gets: a caller who is known, and the tenant whose data it may touch. */
export type CallContext = ApiContext & { caller: Caller; tenantId: string; actor: string };
