import { createHash } from "node:crypto";
import { type JsonObject, toCanonicalJson } from "../../core/json.ts";
import type { Entry } from "./sandbox-records.ts";
import type { SandboxStore } from "./sandbox-store.ts";

/** An answer of the service; a replay is the answer of an earlier call. */
export type Outcome = { httpStatus: number; answer: JsonObject; isReplay: boolean };

/**
 * Does something once per idempotency key. The first call runs `perform` and keeps its answer; a repetition with the same body gets that answer;
 * with another body or for another operation it is refused with 409. Without a key it is simply done. Every call with a key is counted.
 */
export function performOnce(
  store: SandboxStore,
  call: { key: string | null; operation: string; body: JsonObject; at: string },
  perform: () => {
    httpStatus: number;
    answer: JsonObject;
    change: Pick<Entry, "mail" | "ticket" | "payment">;
  },
): Outcome {
  const { key, operation, body, at } = call;
  if (key === null) {
    const { httpStatus, answer, change } = perform();
    store.append(change);
    return { httpStatus, answer, isReplay: false };
  }
  const hash = createHash("sha256").update(toCanonicalJson({ operation, body })).digest("hex");
  const earlier = store.effects.get(key);
  if (earlier === undefined) {
    const { httpStatus, answer, change } = perform();
    store.append({
      ...change,
      call: { key, operation },
      effect: {
        key,
        operation,
        request_hash: hash,
        http_status: httpStatus,
        answer,
        recorded_at: at,
      },
    });
    return { httpStatus, answer, isReplay: false };
  }
  store.append({ call: { key, operation } });
  if (earlier.request_hash === hash)
    return { httpStatus: earlier.http_status, answer: earlier.answer, isReplay: true };
  return {
    httpStatus: 409,
    answer: {
      error: {
        code: "idempotency_conflict",
        message: `The key was used before for another request (${earlier.operation}).`,
      },
    },
    isReplay: false,
  };
}
