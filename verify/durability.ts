import { openBasicWorld } from "./basic-world.ts";
import { toDurabilityReport } from "./report.ts";
import { CHECKPOINT, CHECKPOINT_MANAGER } from "./scenarios/checkpoints.ts";
import { REWIND_SCENARIOS } from "./scenarios/rewinding.ts";
import { RUN_STORE } from "./scenarios/run-store.ts";
import { verifyScenarios } from "./verify-scenarios.ts";

await verifyScenarios({
  name: "verify:durability",
  summary: "Shows with a real server and PostgreSQL that runs and checkpoints are kept and go on.",
  reportFile: "artifacts/durability.json",
  scenarios: [CHECKPOINT, CHECKPOINT_MANAGER, RUN_STORE, ...REWIND_SCENARIOS],
  openWorld: openBasicWorld,
  toReport: toDurabilityReport,
});
