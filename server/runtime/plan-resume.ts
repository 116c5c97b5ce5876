import { SourceResults, underNewIds, undoneHere } from "../../core/recorded-results.ts";
import { findUndoneSteps } from "./find-undone-steps.ts";
import type { PlanPlace } from "./plan-place.ts";
import { hashPlan, rowsOf } from "./plan-rows.ts";
import type { PlannedReplay } from "./planned-replay.ts";
import { assertNoEdits } from "./replay-wish.ts";
import { resumedState } from "./resumed-state.ts";
import { readSourceHistory, resultsOf, startOf } from "./source-history.ts";

/** A resume goes on with what the run has: nothing but what is done with its effects can be chosen. */
export async function planResume(place: PlanPlace): Promise<PlannedReplay> {
  const { deps, wish, history, found, plan } = place;
  const { created, events } = history;
  assertNoEdits(wish);
  const state = resumedState(plan, wish, events, deps.now());
  const { sourceRunId, replay } = state;
  const source =
    sourceRunId === null || replay === null
      ? null
      : await readSourceHistory(deps.pool, { tenantId: wish.tenantId, runId: sourceRunId });
  const results = new SourceResults(replay?.through ?? 0);
  // As the executor loads them: what is chosen now is about effects, and lets no later results in.
  const taken = new SourceResults(replay?.through ?? 0);
  const until = replay?.changes?.known_through ?? replay?.through ?? 0;
  for (const event of source?.events ?? []) {
    results.add(event);
    if (event.sequence <= until) taken.add(event);
  }
  const replayed = replay ?? { through: 0 };
  const overrides = { ...state.overrides };
  const undone = await findUndoneSteps(deps.pool, wish.tenantId, created.lineage_root_run_id);
  const bindings = { ...state.options.bindings };
  const rows = await rowsOf(place, {
    state,
    recorded:
      source === null || sourceRunId === null
        ? null
        : taken.reusable(sourceRunId, {
            replay: replayed,
            overrides: created.overrides ?? {},
            undone,
          }),
    undone: undoneHere(undone, replay?.changes).keys,
    // What it brought itself goes before what its source had brought.
    expected: new Map([...results.expected(replayed), ...resultsOf(events)]),
    durationsMs: new Map([
      ...underNewIds(source?.durationsMs ?? new Map<string, number>(), replay?.changes),
      ...history.durationsMs,
    ]),
  });
  return {
    rows: rows.rows,
    bindingChoices: [],
    checkpointId: startOf(events, wish).checkpointId,
    skillId: found.skill.id,
    skillVersion: found.skill.version,
    environment: created.environment,
    inputs: created.inputs,
    vars: {},
    bindings,
    overrides,
    compatibility: { removed: [], added: [], renamed: [], retyped: [], choices: [] },
    planHash: hashPlan(place, rows, {
      through: events.length,
      overrides,
      trust: state.options.trust_level,
    }),
    request: null,
  };
}
