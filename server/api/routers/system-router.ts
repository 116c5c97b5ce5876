import { z } from "zod";
import { getMe } from "../../tenants/get-me.ts";
import { listEnvironments } from "../../tenants/list-environments.ts";
import { getStats } from "../../runs/get-stats.ts";
import { listWorkers } from "../../runs/list-workers.ts";
import { operation, router } from "../operation.ts";
import {
  EnvironmentItemSchema,
  MeSchema,
  StatsSchema,
  WorkerItemSchema,
} from "../operation-schemas.ts";

const tag = "System";

/** Who is asking. */
export const meRouter = router({
  get: operation({
    method: "GET",
    path: "/me",
    permission: null,
    tag,
    summary: "Get the caller, its tenant and what it may do",
  })
    .output(MeSchema)
    .query(({ ctx }) => getMe(ctx)),
});

/** Where a tenant's skills run. */
export const environmentsRouter = router({
  list: operation({
    method: "GET",
    path: "/environments",
    permission: "environment:read",
    tag,
    summary: "List environments",
  })
    .output(z.object({ items: z.array(EnvironmentItemSchema) }))
    .query(({ ctx }) => listEnvironments(ctx)),
});

/** Figures of the tenant's runs and of this process. */
export const statsRouter = router({
  get: operation({
    method: "GET",
    path: "/stats",
    permission: "stats:read",
    tag,
    summary: "Get figures of runs and of this process",
  })
    .output(StatsSchema)
    .query(({ ctx }) => getStats(ctx)),
});

/** The processes that execute runs. */
export const workersRouter = router({
  list: operation({
    method: "GET",
    path: "/workers",
    permission: "worker:read",
    tag,
    summary: "List workers",
  })
    .output(z.object({ items: z.array(WorkerItemSchema) }))
    .query(({ ctx }) => listWorkers(ctx)),
});
