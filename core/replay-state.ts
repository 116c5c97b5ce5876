import { setOwn } from "./own-property.ts";
import { flatKeyOf } from "./references.ts";
import type { EventPayloads } from "./run-events.ts";
import type { RunState } from "./run-state.ts";
import type { Target } from "./targets.ts";

/** What a run remembers of being a replay or fork. */
export function replayStateOf({
  through,
  is_held: isHeld,
  ...changes
}: NonNullable<EventPayloads["run.created"]["replay"]>): NonNullable<RunState["replay"]> {
  const isEmpty = Object.keys(changes).length === 0;
  return { through, isHeld: isHeld === true, ...(isEmpty ? {} : { changes }) };
}

/** From here on the run does what its source did not: edited variables have their values. In place. */
export function leaveSource({ replay, scope }: RunState): void {
  if (replay === null || replay.hasLeft === true) return;
  replay.hasLeft = true;
  for (const [name, value] of Object.entries(replay.changes?.vars ?? {}))
    setOwn(scope.vars, name, value);
}

/** True for a variable whose edited value stands although a result of the source would write it. */
export function isEditedVar({ replay }: RunState, target: Target): boolean {
  if (replay?.hasLeft !== true || target.namespace !== "vars") return false;
  return Object.hasOwn(replay.changes?.vars ?? {}, flatKeyOf(target));
}
