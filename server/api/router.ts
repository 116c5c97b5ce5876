import { router } from "./operation.ts";
import { apiKeysRouter } from "./routers/api-keys-router.ts";
import { approvalsRouter } from "./routers/approvals-router.ts";
import { bindingsRouter } from "./routers/bindings-router.ts";
import { capabilitiesRouter } from "./routers/capabilities-router.ts";
import { effectsRouter } from "./routers/effects-router.ts";
import { groupsRouter } from "./routers/groups-router.ts";
import { noticesRouter } from "./routers/notices-router.ts";
import { packsRouter } from "./routers/packs-router.ts";
import { checkpointsRouter } from "./routers/checkpoints-router.ts";
import { registryRouter } from "./routers/registry-router.ts";
import { runsRouter } from "./routers/runs-router.ts";
import { servicesRouter } from "./routers/services-router.ts";
import { skillsRouter } from "./routers/skills-router.ts";
import {
  environmentsRouter,
  meRouter,
  statsRouter,
  workersRouter,
} from "./routers/system-router.ts";

/** Every operation of the product. tRPC, REST and the OpenAPI document are made from it. */
export const appRouter = router({
  runs: runsRouter,
  checkpoints: checkpointsRouter,
  approvals: approvalsRouter,
  effects: effectsRouter,
  capabilities: capabilitiesRouter,
  skills: skillsRouter,
  bindings: bindingsRouter,
  services: servicesRouter,
  registry: registryRouter,
  packs: packsRouter,
  groups: groupsRouter,
  notices: noticesRouter,
  apiKeys: apiKeysRouter,
  me: meRouter,
  environments: environmentsRouter,
  stats: statsRouter,
  workers: workersRouter,
});

export type AppRouter = typeof appRouter;
