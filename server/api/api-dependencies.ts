import type { Logger } from "pino";
import type { MakeId } from "../../core/ids.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { Database } from "../database/client.ts";
import type { RegistryReader } from "./registry-reader.ts";
import type { NoticeSender } from "../notices/notice-sender.ts";
import type { Seal } from "../seal.ts";
import type { InstanceSecrets } from "../packs/instance-secrets.ts";
import type { CheckpointStates } from "../runtime/checkpoint-states.ts";
import type { CompensationPlanner } from "../runtime/compensation-planner.ts";
import type { ReplayPlanner } from "../runtime/replay-planner.ts";
import type { ResolveHost } from "../runtime/invokers/network-guard.ts";
import type { RecentDiffs } from "../runs/recent-diffs.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** What the API needs of the process; wired once in server/container.ts. */
export type ApiDependencies = {
  database: Database;
  runtime: Runtime;
  checkpointStates: CheckpointStates;
  replayPlanner: ReplayPlanner;
  compensationPlanner: CompensationPlanner;
  recentDiffs: RecentDiffs;
  registry: RegistryReader;
  instanceSecrets: InstanceSecrets;
  seal: Seal;
  noticeSender: NoticeSender;
  /** Looks names up where an address is checked before it is called. */
  resolveHost: ResolveHost;
  metrics: Metrics;
  logger: Logger;
  now: () => Date;
  makeId: MakeId;
};
