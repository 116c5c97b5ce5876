import { DomainError } from "./errors.ts";
import type { LoopKind } from "./run-events.ts";
import type { PlanStep } from "./run-plan.ts";

/** What a step is to its callers: results are taken over between steps of the same shape only. */
export type StepShape = {
  uses: string;
  repeats: LoopKind | null;
  /** Names of what goes in, sorted. */
  inputs: readonly string[];
};

/** How the steps of a source and those of the version that would run differ. */
export type StepCompatibility = {
  removed: string[];
  added: string[];
  /** `is_proposed`: found by the shape, not said by the caller. */
  renamed: { from: string; to: string; is_proposed: boolean }[];
  retyped: { step_id: string; reason: string }[];
  /** For each step that is not what it was: which steps of the version it could be. */
  choices: { from: string; to: string[] }[];
};

/** What a caller says became of steps: another id, or null for gone. */
export type StepMapWish = Readonly<Record<string, string | null>>;

type Shapes = ReadonlyMap<string, StepShape>;

/** The shape of a compiled step. */
export function shapeOf({ uses, loop, input }: PlanStep): StepShape {
  return { uses, repeats: loop?.kind ?? null, inputs: input.keys.toSorted() };
}

/**
 * Compares the steps of a source with those that would run, by id, then by what the caller says, then by shape: a step
 * that is gone and one that is new are the same one where nothing else is of their shape. Throws `invalid_request` for
 * a mapping that names unknown steps, one step twice, or steps that do something else.
 */
export function compareSteps(
  source: Shapes,
  target: Shapes,
  wish: StepMapWish,
): { compatibility: StepCompatibility; stepMap: Record<string, string | null> } {
  const said = new Map(Object.entries(wish));
  assertMappable(source, target, said);
  const taken = new Set([...said.values()].filter((to) => to !== null));
  const isKept = (id: string) =>
    !said.has(id) && !taken.has(id) && whyRetyped(source.get(id), target.get(id)) === null;
  const gone = [...source.keys()].filter((id) => !said.has(id) && !isKept(id));
  const fresh = [...target.keys()].filter((id) => !taken.has(id) && !isKept(id));
  const renamed = [
    ...[...said].flatMap(([from, to]) =>
      to === null || to === from ? [] : [{ from, to, is_proposed: false }],
    ),
    ...proposals(source, gone, target, fresh),
  ];
  const moved = new Map(renamed.map(({ from, to }) => [from, to]));
  const filled = new Set(moved.values());
  const retyped = gone.flatMap((id) => {
    const reason =
      moved.has(id) || filled.has(id) ? null : whyRetyped(source.get(id), target.get(id));
    return target.has(id) && reason !== null ? [{ step_id: id, reason }] : [];
  });
  const isRetyped = new Set(retyped.map(({ step_id: id }) => id));
  const dropped = [...gone, ...[...said].flatMap(([id, to]) => (to === null ? [id] : []))].filter(
    (id) => !moved.has(id),
  );
  return {
    compatibility: {
      removed: dropped.filter((id) => !isRetyped.has(id)),
      added: fresh.filter((id) => !filled.has(id) && !isRetyped.has(id)),
      renamed,
      retyped,
      choices: [...dropped, ...moved.keys()].flatMap((from) => {
        const open = [...fresh, ...[...moved].flatMap(([id, to]) => (id === from ? [to] : []))];
        const fit = open.filter((id) => whyRetyped(source.get(from), target.get(id)) === null);
        return fit.length === 0 ? [] : [{ from, to: [...new Set(fit)].toSorted() }];
      }),
    },
    stepMap: Object.fromEntries([...dropped.map((id) => [id, null] as const), ...moved]),
  };
}

/** What a step of the source is here, or null where its results are not taken. */
export function mappedStep(
  stepMap: Readonly<Record<string, string | null>> | undefined,
  stepId: string,
): string | null {
  return stepMap !== undefined && Object.hasOwn(stepMap, stepId)
    ? (stepMap[stepId] ?? null)
    : stepId;
}

/**
 * Under which paths the ledger knows the steps of a version, so that no call is repeated because its step has another
 * name: those of the source's steps, carried along the mapping. A new step that took an old name gets a path of its own.
 */
export function ledgerPathsFor(
  targetIds: readonly string[],
  stepMap: Readonly<Record<string, string | null>>,
  source: { stepIds: Iterable<string>; paths: Readonly<Record<string, string>> },
  version: string,
): Record<string, string> {
  const paths = new Map<string, string>();
  const known = new Set(targetIds);
  for (const id of source.stepIds) {
    const to = mappedStep(stepMap, id);
    const path = source.paths[id] ?? id;
    if (to !== null) paths.set(to, path);
    // Its results are not taken; what it called before is known all the same.
    else if (known.has(id) && !paths.has(id)) paths.set(id, path);
  }
  const used = new Set(paths.values());
  for (const id of targetIds) {
    if (paths.has(id)) continue;
    paths.set(id, used.has(id) ? `${id}@${version}` : id);
  }
  return Object.fromEntries([...paths].filter(([id, path]) => id !== path));
}

function proposals(
  source: Shapes,
  gone: readonly string[],
  target: Shapes,
  fresh: readonly string[],
) {
  const byShape = (shapes: Shapes, ids: readonly string[]) =>
    Map.groupBy(ids, (id) => JSON.stringify(shapes.get(id)));
  const before = byShape(source, gone);
  const after = byShape(target, fresh);
  return [...before].flatMap(([shape, ids]) => {
    const others = after.get(shape) ?? [];
    const [from, to] = [ids[0], others[0]];
    if (ids.length !== 1 || others.length !== 1 || from === undefined || to === undefined)
      return [];
    return [{ from, to, is_proposed: true }];
  });
}

/** Why a result of one step cannot stand for the other's; null where it can. */
function whyRetyped(was: StepShape | undefined, is: StepShape | undefined): string | null {
  if (was === undefined || is === undefined) return "there is no such step";
  if (was.uses !== is.uses) return `it used ${was.uses} and uses ${is.uses} now`;
  if (was.repeats === is.repeats) return null;
  return `it was ${repeatWords(was.repeats)} and is ${repeatWords(is.repeats)} now`;
}

function repeatWords(repeats: LoopKind | null): string {
  return repeats === null ? "done once" : `repeated by ${repeats}`;
}

function assertMappable(source: Shapes, target: Shapes, said: ReadonlyMap<string, string | null>) {
  const taken = new Map<string, string>();
  for (const [from, to] of said) {
    if (!source.has(from))
      throw wrongMap(from, `The source has no step ${from}.`, [...source.keys()]);
    if (to === null) continue;
    if (!target.has(to)) throw wrongMap(from, `The version has no step ${to}.`, [...target.keys()]);
    const other = taken.get(to);
    if (other !== undefined)
      throw wrongMap(from, `Steps ${other} and ${from} cannot both be ${to}.`, []);
    taken.set(to, from);
    const why = whyRetyped(source.get(from), target.get(to));
    if (why !== null) throw wrongMap(from, `Step ${from} cannot be ${to}: ${why}.`, []);
  }
}

function wrongMap(from: string, message: string, known: string[]): DomainError {
  return new DomainError("invalid_request", message, {
    hint:
      known.length === 0
        ? "Map steps that do the same; a step without a counterpart is mapped to null."
        : `Its steps are ${known.slice(0, 20).join(", ")}.`,
    details: { field: "step_map", step_id: from },
  });
}
