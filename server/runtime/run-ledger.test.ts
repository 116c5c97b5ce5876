import { expect, test } from "vitest";
import { effectIdOf } from "../../core/ids.ts";
import type { EventPayloads, NewEvent } from "../../core/run-events.ts";
import { RunLedger } from "./run-ledger.ts";

const RUN = "run_1";
const attempted = (
  sequence: number,
  change: Partial<EventPayloads["side_effect.attempted"]> = {},
): NewEvent => ({
  type: "side_effect.attempted",
  payload: {
    step_id: "s",
    effect_id: effectIdOf(RUN, sequence),
    step_path: "s",
    capability_id: "a.b.c",
    binding_id: "b",
    binding_revision: 1,
    effect_class: "write",
    idempotency_key: "k",
    request_hash: "h",
    replay_policy: "use_recorded_result",
    attempts: 1,
    ...change,
  },
});
const outcome = (
  type: "side_effect.failed" | "side_effect.recorded",
  sequence: number,
): NewEvent => {
  const payload = { step_id: "s", effect_id: effectIdOf(RUN, sequence) };
  return type === "side_effect.failed"
    ? { type, payload: { ...payload, error: { code: "upstream_failure", message: "no" } } }
    : { type, payload: { ...payload, response_hash: "r" } };
};

test("a shared lineage is due at once, an exclusive run when it is asked or holds too much", () => {
  const ledger = new RunLedger(RUN, []);
  expect([ledger.isDue(true), ledger.isDue(false), ledger.want()]).toEqual([false, false, false]);
  ledger.fold(attempted(1), 1, 10);
  expect([ledger.isDue(true), ledger.isDue(false)]).toEqual([true, false]);
  expect([ledger.want(), ledger.isDue(false)]).toEqual([true, true]);
  ledger.take();
  expect([ledger.hasUnwritten, ledger.isDue(false)]).toEqual([false, false]);
  for (let sequence = 2; sequence <= 258; sequence += 1)
    ledger.fold(attempted(sequence), sequence, 10);
  expect(ledger.isDue(false)).toBe(true);
});

test("a call that is made again keeps its row, and the row says how it ended", () => {
  const ledger = new RunLedger(RUN, []);
  ledger.fold(attempted(1), 1, 10);
  ledger.fold(outcome("side_effect.failed", 1), 2, 20);
  ledger.fold(attempted(1, { attempts: 2, binding_id: "other" }), 5, 30);
  ledger.fold(outcome("side_effect.recorded", 1), 6, 40);
  expect(ledger.take()).toMatchObject([
    {
      sequence: 1,
      attempts: 2,
      bindingId: "other",
      status: "recorded",
      responseHash: "r",
      resultSequence: 7,
      createdAt: 10,
      updatedAt: 40,
    },
  ]);
});

test("rows that were handed over do not change any more", () => {
  const ledger = new RunLedger(RUN, []);
  ledger.fold(attempted(1), 1, 10);
  const [row] = ledger.take();
  ledger.fold(outcome("side_effect.recorded", 1), 2, 20);
  expect(row?.status).toBe("attempted");
  expect(ledger.take()).toMatchObject([{ status: "recorded" }]);
});

test("an effect that is undone changes its own row, or is named where its row is written already", () => {
  const undone = (sequence: number): NewEvent => ({
    type: "step.compensated",
    payload: { step_id: "s", effect_id: effectIdOf(RUN, sequence) },
  });
  const ledger = new RunLedger(RUN, []);
  ledger.fold(attempted(1), 1, 10);
  ledger.fold(outcome("side_effect.recorded", 1), 2, 20);
  ledger.fold(attempted(5, { compensates_effect_id: effectIdOf(RUN, 1) }), 5, 30);
  ledger.fold(outcome("side_effect.recorded", 5), 6, 40);
  ledger.fold(undone(1), 7, 50);
  expect([ledger.take(), ledger.takeUndone()]).toMatchObject([
    [
      { sequence: 1, status: "compensated", compensatesEffectId: null, updatedAt: 50 },
      { sequence: 5, status: "recorded", compensatesEffectId: effectIdOf(RUN, 1) },
    ],
    [],
  ]);
  ledger.fold(undone(1), 9, 60);
  expect(ledger.takeUndone()).toEqual([{ effectRunId: RUN, sequence: 1, at: 60 }]);
  expect([ledger.take(), ledger.takeUndone()]).toEqual([[], []]);
});
