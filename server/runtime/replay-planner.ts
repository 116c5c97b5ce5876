import type { ReplayPolicy } from "../../core/capability.ts";
import { DomainError } from "../../core/errors.ts";
import { placeOfEffect } from "../../core/ids.ts";
import type { JsonObject } from "../../core/json.ts";
import type { LedgerRecord } from "../../core/ledger-decision.ts";
import { assertMayOverride, overrideOptions, resumeOptions } from "../../core/override-options.ts";
import type { Role } from "../../core/permissions.ts";
import { mergePolicies } from "../../core/policy.ts";
import { refOfKey } from "../../core/decision.ts";
import {
  SourceResults,
  underNewIds,
  undoneHere,
  type Overrides,
} from "../../core/recorded-results.ts";
import type { ReplayChanges } from "../../core/replay-changes.ts";
import { planReplay, type ReplayPlanRow } from "../../core/replay-plan.ts";
import type { Plan, PlanStep } from "../../core/run-plan.ts";
import type { StepCompatibility, StepMapWish } from "../../core/step-compatibility.ts";
import { isStepEnded } from "../../core/step.ts";
import { assertVarNames } from "../../core/var-names.ts";
import type { CatalogSkill, RegistryCatalog } from "../registry/registry-catalog.ts";
import { DEFAULT_TRUST, type TrustLevel } from "../../core/trust.ts";
import type { CallerPlace } from "./catalog-caller.ts";
import { expectCalls } from "./expect-calls.ts";
import { bindingChoicesOf, bindingsFor, type BindingChoices } from "./plan-bindings.ts";
import { hashJson } from "./effect-facts.ts";
import { createEffectFinder } from "./plan-effects.ts";
import { assertNotNested } from "./find-creation.ts";
import { findUndoneSteps } from "./find-undone-steps.ts";
import { PlanCache } from "./plan-cache.ts";
import { mapSteps, overrideTargetsOf, targetsOf } from "./plan-steps.ts";
import { replayFacts, replayOptions, withUndone } from "./replay-facts.ts";
import { replayingState, resumedState } from "./resumed-state.ts";
import { cappedBy, policySourcesOf, storedPolicyOf } from "./run-policy.ts";
import type { ReplayRunRequest } from "./runtime.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";
import { unknownEnvironment, unknownSkill } from "./runtime-errors.ts";
import { completeInputs } from "./skill-inputs.ts";
import { readSourceHistory, resultsOf, startOf, type SourceHistory } from "./source-history.ts";

/** From where a run is to be run again, and what is to differ. */
export type ReplayWish = {
  tenantId: string;
  runId: string;
  operation: "replay" | "fork" | "resume";
  /** At most one of the two; neither: before the step that failed, or from the beginning. */
  checkpointSequence: number | null;
  stepId: string | null;
  /** Inputs by name that take the place of the source's. */
  inputs: JsonObject;
  /** Variables that have other values from the chosen point on. */
  vars: JsonObject;
  /** Bindings by capability id. */
  bindings: Readonly<Record<string, string>>;
  version: string | null;
  environment: string | null;
  stepMap: StepMapWish;
  overrides: Overrides;
  /** Of whoever wishes it. */
  roles: readonly Role[];
  /** How far whoever wishes it may have a new run trusted. */
  trust: TrustLevel;
};

/** What would happen, and all that carrying it out needs. */
export type PlannedReplay = {
  rows: ReplayPlanRow[];
  checkpointId: string | null;
  skillId: string;
  skillVersion: string;
  environment: string;
  inputs: JsonObject;
  vars: JsonObject;
  bindings: Record<string, string>;
  bindingChoices: BindingChoices;
  overrides: Record<string, ReplayPolicy>;
  /** How the steps of the source and those of the version that would run differ. */
  compatibility: StepCompatibility;
  /** Changes with everything that the rows depend on. */
  planHash: string;
  /** What a replay or fork is made with; null for a resume. */
  request: PlannedRequest | null;
};

type PlannedRequest = Required<
  Pick<
    ReplayRunRequest,
    | "sourceRunId"
    | "through"
    | "checkpointId"
    | "inputs"
    | "version"
    | "environment"
    | "changes"
    | "overrides"
    | "bindings"
    | "read"
    | "trust"
  >
>;

export type ReplayPlanner = { plan(wish: ReplayWish): Promise<PlannedReplay> };

type Sources = Pick<
  RuntimeDependencies,
  "pool" | "catalogs" | "findEnvironment" | "policies" | "availableEnv" | "now"
>;

/** Plans replays, forks and resumes from what is stored; changes nothing. */
export function createReplayPlanner(deps: Sources): ReplayPlanner {
  const plans = new PlanCache();
  return {
    async plan(wish) {
      const history = await readSourceHistory(deps.pool, wish);
      const catalog = await deps.catalogs.getCatalog(wish.tenantId);
      const { created } = history;
      const found = findSkill(catalog, created.skill_id, wish.version ?? created.skill_version);
      const place: PlanPlace = {
        deps,
        wish,
        history,
        catalog,
        found,
        plan: plans.planOf(found.skill, found.contentHash),
        caller: await callerPlace(deps, wish, history, found),
      };
      return wish.operation === "resume"
        ? planResume(place)
        : planNewRun(place, knownPlan(plans, catalog, created));
    },
  };
}

/** The wish to resume a run with choices of which it is known that they may be made. */
export function resumeWish(
  run: { tenantId: string; runId: string },
  overrides: Overrides,
): ReplayWish {
  return {
    ...run,
    operation: "resume",
    checkpointSequence: null,
    stepId: null,
    inputs: {},
    vars: {},
    bindings: {},
    version: null,
    environment: null,
    stepMap: {},
    overrides,
    roles: ["admin"],
    trust: DEFAULT_TRUST,
  };
}

/** What every plan is made of. */
type PlanPlace = {
  deps: Sources;
  wish: ReplayWish;
  history: SourceHistory;
  catalog: RegistryCatalog;
  found: CatalogSkill;
  plan: Plan;
  /** Where and under what policy its calls would go out. */
  caller: CallerPlace;
};

async function planNewRun(place: PlanPlace, sourcePlan: Plan | null): Promise<PlannedReplay> {
  const { deps, wish, history, catalog, found, plan } = place;
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

/** A resume goes on with what the run has: nothing but what is done with its effects can be chosen. */
async function planResume(place: PlanPlace): Promise<PlannedReplay> {
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

type Driven = Pick<
  Parameters<typeof planReplay>[0],
  "state" | "recorded" | "expected" | "durationsMs"
> & { undone: ReadonlySet<string> };

async function rowsOf(place: PlanPlace, { undone, ...driven }: Driven) {
  const { deps, wish, catalog, plan, caller } = place;
  const { state, expected } = driven;
  const chosen = bindingsFor(catalog, caller, plan, state.options);
  const findEffect = await createEffectFinder(deps.pool, catalog, state, place.history.events);
  const stepsOf = (results: ReadonlyMap<string, unknown> = new Map()) =>
    new Set([...results.keys()].map((key) => refOfKey(key).step_id));
  const isOwnRecord = ({ effectId }: LedgerRecord) =>
    wish.operation === "resume" && placeOfEffect(effectId)?.runId === wish.runId;
  const recordedSteps = stepsOf(expected);
  const takenSteps = stepsOf(driven.recorded?.results);
  const hasEnded = new Set(
    [...state.steps].flatMap(([key, { status }]) => (isStepEnded(status) ? [key] : [])),
  );
  const isTakenFromOthers = (step: PlanStep) =>
    takenSteps.has(step.id) ||
    targetsOf(step).some((uses) => {
      const effect = findEffect({ step_id: step.id, uses });
      return effect !== null && !isOwnRecord(effect);
    });
  const optionsOf = (step: PlanStep) => {
    const targets = overrideTargetsOf(catalog, step);
    const options = overrideOptions(step.kind, targets, recordedSteps.has(step.id));
    if (wish.operation !== "resume") return options;
    return resumeOptions(options, {
      hasEnded: hasEnded.has(step.id),
      isTakenFromOthers: isTakenFromOthers(step),
    });
  };
  assertMayOverride(
    wish.overrides,
    (stepId) => {
      const step = plan.steps[plan.stepIndex.get(stepId) ?? -1];
      return step === undefined ? null : optionsOf(step);
    },
    wish.roles,
  );
  const rows = planReplay({
    ...driven,
    plan,
    findEffect,
    isUndone: (key) => undone.has(key),
    optionsOf,
    isOwnRecord,
    prepare: expectCalls(catalog, caller, state.options),
    hashRequest: hashJson,
    now: deps.now(),
  });
  return { rows, chosen, bindingChoices: bindingChoicesOf(catalog, plan, chosen) };
}

function hashPlan(
  { wish, found }: PlanPlace,
  { rows, chosen }: { rows: readonly ReplayPlanRow[]; chosen: JsonObject },
  more: object,
): string {
  const plain: JsonObject = JSON.parse(
    JSON.stringify({
      ...more,
      operation: wish.operation,
      run_id: wish.runId,
      skill_hash: found.contentHash,
      chosen,
      rows: rows.map(({ estimated_ms: _time, may_become: _offers, ...row }) => row),
    }),
  );
  return hashJson(plain);
}

function findSkill(catalog: RegistryCatalog, skillId: string, version: string): CatalogSkill {
  const found = catalog.skill(skillId, version);
  if (found === null) throw unknownSkill(skillId, version);
  return found;
}

function knownPlan(
  plans: PlanCache,
  catalog: RegistryCatalog,
  created: SourceHistory["created"],
): Plan | null {
  const found = catalog.skill(created.skill_id, created.skill_version);
  return found === null ? null : plans.planOf(found.skill, found.contentHash);
}

async function callerPlace(
  { findEnvironment, policies, availableEnv }: Sources,
  { tenantId, environment: wished, operation }: ReplayWish,
  { created, events }: SourceHistory,
  { skill }: CatalogSkill,
): Promise<CallerPlace> {
  const name = wished ?? created.environment;
  const environment = await findEnvironment(tenantId, name);
  if (environment === null) throw unknownEnvironment(name);
  const sources = policySourcesOf(environment, skill);
  const policyHash = policyHashIn(events);
  return {
    tenantId,
    environment: name,
    network: { allowPrivate: environment.allowPrivateNetwork },
    policy:
      operation === "resume"
        ? mergePolicies([
            await storedPolicyOf(policies, { tenantId, policyHash }, sources),
            ...sources,
          ])
        : mergePolicies(sources),
    availableEnv,
  };
}

/** Of the policy that a run was under last. */
function policyHashIn(events: SourceHistory["events"]): string | undefined {
  return events.reduce<string | undefined>(
    (hash, { type, payload }) =>
      type === "run.created" || type === "run.resumed" ? (payload.policy_hash ?? hash) : hash,
    undefined,
  );
}

function assertNoEdits({
  inputs,
  vars,
  bindings,
  version,
  environment,
  stepMap,
}: ReplayWish): void {
  const isEdited = [inputs, vars, bindings, stepMap].some((edits) => !isEmpty(edits));
  if (!isEdited && version === null && environment === null) return;
  throw new DomainError("invalid_request", "A resumed run goes on with what it has.", {
    hint: "Fork it to change inputs, variables, bindings, version or environment.",
    details: { field: "edits" },
  });
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
