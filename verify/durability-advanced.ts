import { openAdvancedWorld } from "./advanced-world.ts";
import { toAdvancedReport } from "./report.ts";
import { CLOCK_SKEW } from "./scenarios/clock-skew.ts";
import { DATABASE_KILLED, DISK_FULL } from "./scenarios/database-failures.ts";
import { DUPLICATE_DELIVERY } from "./scenarios/duplicate-delivery.ts";
import { EVENT_STREAM } from "./scenarios/event-stream.ts";
import { FAILURE_PATHS } from "./scenarios/failure-paths.ts";
import { FROZEN_WORKER } from "./scenarios/frozen-worker.ts";
import { KILL_AT_BOUNDARY } from "./scenarios/kill-at-boundary.ts";
import { REPLAY_EQUIVALENCE } from "./scenarios/replay-equivalence.ts";
import { RESTART_CONTINUITY } from "./scenarios/restart-continuity.ts";
import { STATE_VERSIONS } from "./scenarios/state-versions.ts";
import { TWO_CLAIMERS } from "./scenarios/two-claimers.ts";
import { verifyScenarios } from "./verify-scenarios.ts";

await verifyScenarios({
  name: "verify:durability:advanced",
  summary:
    "Shows with real processes and a real PostgreSQL what failures of either do to runs and their effects.",
  reportFile: "artifacts/durability-advanced.json",
  scenarios: [
    RESTART_CONTINUITY,
    REPLAY_EQUIVALENCE,
    FAILURE_PATHS,
    KILL_AT_BOUNDARY,
    DUPLICATE_DELIVERY,
    STATE_VERSIONS,
    EVENT_STREAM,
    DISK_FULL,
    FROZEN_WORKER,
    CLOCK_SKEW,
    TWO_CLAIMERS,
    DATABASE_KILLED,
  ],
  openWorld: openAdvancedWorld,
  toReport: toAdvancedReport,
});
