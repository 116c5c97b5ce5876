import { createHash } from "node:crypto";
import { DomainError } from "../../core/errors.ts";
import { type Json, toCanonicalJson } from "../../core/json.ts";
import type { CallContext } from "../api/call-context.ts";
import {
  releaseIdempotencyKey,
  reserveIdempotencyKey,
} from "../database/idempotency-repository.ts";
import { findRun } from "../database/run-queries.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** How long the first call with a key is given before its run is started in its place. */
const FIRST_CALL_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** A call that makes a run: its name and input tell it from other calls under the same key. */
export type CreatingCall = {
  name: "runs.start" | "runs.replay" | "runs.fork";
  input: Readonly<Record<string, Json | undefined>>;
  /** Makes the run under this id, and answers it. */
  create: (runId: string) => Promise<string>;
};

/**
 * Makes a run at most once per key (contract.md §11). Sent again, a call answers with the first one's run and
 * `Idempotency-Replayed: true`; with another input it is an `idempotency_conflict`. A call that is refused gives its
 * key back. Where the first call died, the next one starts the run under the id that was reserved.
 */
export async function createRunOnce(
  ctx: CallContext,
  key: string,
  call: CreatingCall,
): Promise<string> {
  const { database, makeId, now } = ctx.dependencies;
  const fingerprint = fingerprintOf(call);
  const reserved = await reserveIdempotencyKey(database, {
    tenantId: ctx.tenantId,
    key,
    fingerprint,
    runId: makeId("run"),
    at: now(),
  });
  if (reserved.fingerprint !== fingerprint) {
    throw new DomainError(
      "idempotency_conflict",
      "This Idempotency-Key was used for a call with another input.",
      {
        hint: "Use a new key for a new call; send the same input to get the first call's answer.",
        details: { run_id: reserved.runId },
      },
    );
  }
  if (!reserved.isNew && (await hasAppeared(ctx, reserved.runId))) {
    ctx.answer.headers.set("idempotency-replayed", "true");
    return reserved.runId;
  }
  try {
    return await shareStart(ctx, reserved.runId, () => call.create(reserved.runId));
  } catch (thrown) {
    if (thrown instanceof DomainError) {
      await releaseIdempotencyKey(database, { tenantId: ctx.tenantId, key, runId: reserved.runId });
    }
    throw thrown;
  }
}

const underWay = new WeakMap<Runtime, Map<string, Promise<string>>>();

/** Calls that start the same run in one process share one start, however long the database keeps them waiting. */
function shareStart(
  ctx: CallContext,
  runId: string,
  start: () => Promise<string>,
): Promise<string> {
  const { runtime } = ctx.dependencies;
  const starts = underWay.get(runtime) ?? new Map<string, Promise<string>>();
  underWay.set(runtime, starts);
  const shared = starts.get(runId);
  if (shared !== undefined) return shared;
  const started = start().finally(() => starts.delete(runId));
  starts.set(runId, started);
  return started;
}

/** How long a caller waits for the answer does not make it another call. */
function fingerprintOf({ name: call, input }: CreatingCall): string {
  const given = Object.entries(input).flatMap(([name, value]) =>
    value === undefined || name === "wait" ? [] : [[name, value] as const],
  );
  return createHash("sha256")
    .update(`${call} ${toCanonicalJson(Object.fromEntries(given))}`)
    .digest("hex");
}

async function hasAppeared(ctx: CallContext, runId: string): Promise<boolean> {
  for (let waited = 0; waited <= FIRST_CALL_MS && !ctx.signal.aborted; waited += LOOK_EVERY_MS) {
    if ((await findRun(ctx.dependencies.database, ctx.tenantId, runId)) !== null) return true;
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, LOOK_EVERY_MS);
    await promise;
  }
  return false;
}
