import { createHash } from "node:crypto";
import { DomainError } from "../../core/errors.ts";
import { ID_PREFIXES } from "../../core/ids.ts";
import { type Json, type JsonObject, toCanonicalJson } from "../../core/json.ts";
import type { CallContext } from "../api/call-context.ts";
import {
  releaseIdempotencyKey,
  reserveIdempotencyKey,
} from "../database/idempotency-repository.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** How long the first call with a key is given before its work is done in its place. */
const FIRST_CALL_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** A call that makes something: its name and input tell it from other calls under the same key. */
export type CreatingCall = {
  name: "runs.start" | "runs.replay" | "runs.fork" | "notices.addWebhook" | "notices.addEmail";
  input: Readonly<Record<string, Json | undefined>>;
  kind: "run" | "noticeChannel";
  hasAppeared: (id: string) => Promise<boolean>;
  /** Makes it under this id. */
  create: (id: string) => Promise<unknown>;
};

/**
 * Makes something at most once per key (contract.md §11), and answers its id. Sent again, a call answers with what the
 * first one made and `Idempotency-Replayed: true`; with another input it is an `idempotency_conflict`. A call that is
 * refused gives its key back. Where the first call died, the next one does its work under the id that was reserved.
 */
export async function createOnce(
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
    resourceId: makeId(call.kind),
    at: now(),
  });
  if (reserved.fingerprint !== fingerprint) {
    throw new DomainError(
      "idempotency_conflict",
      "This Idempotency-Key was used for a call with another input.",
      {
        hint: "Use a new key for a new call; send the same input to get the first call's answer.",
        details: nameOf(reserved.resourceId),
      },
    );
  }
  if (!reserved.isNew && (await appears(ctx, call, reserved.resourceId))) {
    ctx.answer.headers.set("idempotency-replayed", "true");
    return reserved.resourceId;
  }
  try {
    await shareWork(ctx, reserved.resourceId, () => call.create(reserved.resourceId));
    return reserved.resourceId;
  } catch (thrown) {
    if (thrown instanceof DomainError) {
      await releaseIdempotencyKey(database, {
        tenantId: ctx.tenantId,
        key,
        resourceId: reserved.resourceId,
      });
    }
    throw thrown;
  }
}

const underWay = new WeakMap<Runtime, Map<string, Promise<unknown>>>();

/** Calls that make the same in one process share the work, however long the database keeps them waiting. */
function shareWork(ctx: CallContext, id: string, work: () => Promise<unknown>): Promise<unknown> {
  const { runtime } = ctx.dependencies;
  const works = underWay.get(runtime) ?? new Map<string, Promise<unknown>>();
  underWay.set(runtime, works);
  const shared = works.get(id);
  if (shared !== undefined) return shared;
  const started = work().finally(() => works.delete(id));
  works.set(id, started);
  return started;
}

/** What a key has made, as answers name it. */
function nameOf(id: string): JsonObject {
  return id.startsWith(`${ID_PREFIXES.noticeChannel}_`) ? { channel_id: id } : { run_id: id };
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

async function appears(ctx: CallContext, call: CreatingCall, id: string): Promise<boolean> {
  for (let waited = 0; waited <= FIRST_CALL_MS && !ctx.signal.aborted; waited += LOOK_EVERY_MS) {
    if (await call.hasAppeared(id)) return true;
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, LOOK_EVERY_MS);
    await promise;
  }
  return false;
}
