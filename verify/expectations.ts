import assert from "node:assert/strict";
import type { UnreliableProvider } from "./faults/unreliable-provider.ts";
import { titleOf } from "./skills.ts";
import type { VerifierClient } from "./client.ts";

/** The run completed, its history has no gap and no second end of any occurrence. */
export async function expectCompleted(api: VerifierClient, runId: string): Promise<void> {
  const { status, error } = await api.untilEnded(runId);
  assert.equal(status, "completed", `run ${runId} is ${status}: ${JSON.stringify(error)}`);
  await expectSoundHistory(api, runId);
}

/** Sequences 1 to n, every event once, no occurrence completed twice. */
export async function expectSoundHistory(api: VerifierClient, runId: string): Promise<void> {
  const events = await api.events(runId);
  assert.deepEqual(
    events.map(({ sequence }) => sequence),
    events.map((_, index) => index + 1),
    `the history of ${runId} has gaps or duplicates`,
  );
  assert.equal(new Set(events.map(({ event_id: id }) => id)).size, events.length);
  const ends = events
    .filter(({ event_type: type }) => type === "step.completed")
    .map(({ payload }) => JSON.stringify([payload["step_id"], payload["occurrence"] ?? null]));
  assert.equal(new Set(ends).size, ends.length, `an occurrence of ${runId} completed twice`);
}

/** The provider acted exactly once for each place of the run, by its own log, and for no other place. */
export function expectActedOnce(
  provider: UnreliableProvider,
  label: string,
  places: readonly string[],
): void {
  const acts = [...provider.countActs()].filter(([title]) => title.startsWith(`${label} `));
  assert.deepEqual(
    Object.fromEntries(acts),
    Object.fromEntries(places.map((place) => [titleOf(label, place), 1])),
    `what the provider did for ${label}`,
  );
}

/** Every effect of the run is recorded in the ledger, with the key of its place: as many keys as effects. */
export async function expectRecorded(
  api: VerifierClient,
  runId: string,
  count: number,
): Promise<void> {
  const effects = await api.effects(runId);
  assert.deepEqual(
    effects.map(({ status }) => status),
    Array.from({ length: count }, () => "recorded"),
    `the ledger of ${runId}`,
  );
  assert.equal(new Set(effects.map(({ idempotency_key: key }) => key)).size, count);
}
