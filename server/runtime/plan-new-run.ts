import { SourceResults, underNewIds, undoneHere } from "../../core/recorded-results.ts";
import type { ReplayChanges } from "../../core/replay-changes.ts";
import { assertVarNames } from "../../core/var-names.ts";
import { assertNotNested } from "./find-creation.ts";
import { findUndoneSteps } from "./find-undone-steps.ts";
import type { PlanPlace } from "./plan-place.ts";
import { hashPlan, rowsOf } from "./plan-rows.ts";
import { mapSteps } from "./plan-steps.ts";
import type { PlannedReplay } from "./planned-replay.ts";
import { replayFacts, replayOptions, withUndone } from "./replay-facts.ts";
import { replayingState } from "./resumed-state.ts";
import { cappedBy } from "./run-policy.ts";
import { completeInputs } from "./skill-inputs.ts";
import { resultsOf, startOf } from "./source-history.ts";

/** What a replay or fork would do: the run that it would make is driven over what its source had recorded. */
export async function planNewRun(place: PlanPlace): Promise<PlannedReplay> {
  const { deps, wish, history, catalog, found, plan, sourcePlan } = place;
  const { tenantId, runId, overrides } = wish;
  const { events } = history;
  // What was chosen for the source's own steps was chosen for that once.
  const { overrides: _chosenBefore, ...created } = history.created;
  assertNotNested(created, runId);
  const start = startOf(events, wish);
  const sourceSteps = {
    plan: sourcePlan,
    ids: history.stepIds,
    results: resultsOf(events),
    ledgerPaths: created.replay?.ledger_paths ?? {},
  };
  const { compatibility, stepMap, ledgerPaths } = mapSteps(
    catalog,
    sourceSteps,
    plan,
    wish.stepMap,
  );
  const inputs = completeInputs(found.skill, { ...created.inputs, ...wish.inputs });
  assertVarNames(plan, wish.vars);
  const bindings = { ...created.options.bindings, ...wish.bindings };
  const { trust } = wish;
  const options = cappedBy(
    place.caller.policy,
    replayOptions(created.options, { trust, bindings }),
  );
  const undone = await findUndoneSteps(deps.pool, tenantId, created.lineage_root_run_id);
  const edits: ReplayChanges = {
    ...(isEmpty(stepMap) ? {} : { step_map: stepMap }),
    ...(isEmpty(ledgerPaths) ? {} : { ledger_paths: ledgerPaths }),
    ...(isEmpty(wish.vars) ? {} : { vars: wish.vars }),
    ...(Object.values(overrides).includes("use_recorded_result")
      ? { known_through: events.length }
      : {}),
  };
  const changes = withUndone(edits, undone);
  const environment = wish.environment ?? created.environment;
  const target = { sourceRunId: runId, ...start, isHeld: false, changes, overrides };
  const { payload, state: replayed } = replayFacts(target);
  const state = replayingState(
    plan,
    { tenantId, runId },
    { ...created, ...payload, inputs, environment, options },
    deps.now(),
  );
  const results = new SourceResults(start.through);
  for (const event of events) results.add(event);
  const replay = { through: start.through, changes };
  const expected = results.expected(replay);
  const recorded = results.reusable(runId, {
    replay,
    undone,
    overrides: replayed.overrides ?? {},
  });
  const rows = await rowsOf(place, {
    state,
    recorded,
    expected,
    undone: undoneHere(undone, changes).keys,
    durationsMs: underNewIds(history.durationsMs, changes),
  });
  const read = { created, recorded };
  return {
    rows: rows.rows,
    bindingChoices: rows.bindingChoices,
    checkpointId: start.checkpointId,
    skillId: found.skill.id,
    skillVersion: found.skill.version,
    environment,
    inputs,
    vars: wish.vars,
    bindings,
    overrides: { ...overrides },
    compatibility,
    planHash: hashPlan(place, rows, {
      ...start,
      environment,
      inputs,
      bindings,
      changes,
      overrides,
      trust: options.trust_level,
    }),
    request: {
      sourceRunId: runId,
      ...start,
      inputs,
      version: found.skill.version,
      environment,
      changes,
      overrides,
      bindings,
      read,
      trust,
    },
  };
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
