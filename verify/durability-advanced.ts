import { openAdvancedWorld } from "./advanced-world.ts";
import { toAdvancedReport } from "./report.ts";
import { KILL_AT_BOUNDARY } from "./scenarios/kill-at-boundary.ts";
import { verifyScenarios } from "./verify-scenarios.ts";

await verifyScenarios({
  name: "verify:durability:advanced",
  summary:
    "Shows with real processes and a real PostgreSQL what failures of either do to runs and their effects.",
  reportFile: "artifacts/durability-advanced.json",
  scenarios: [KILL_AT_BOUNDARY],
  openWorld: openAdvancedWorld,
  toReport: toAdvancedReport,
});
