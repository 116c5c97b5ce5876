import { hash } from "node:crypto";
import { GENESIS_HASH } from "../../core/run-state.ts";
import { packHash } from "./pack-envelope.ts";

/** How far a history's own checkpoints bear it out. */
export type ChainCheck = {
  /** Checkpoints whose hash was computed again from the events' texts. */
  recomputed: number;
  /** Checkpoints that cover a redacted event: the exporter had verified them, and its hashes are taken for it. */
  attested: number;
  /** The hash of the last checkpoint. */
  headHash: string;
};

/** The hash over all events' recorded texts, each by its own hash, so that it can be verified without the texts. */
export function eventsHash(runId: string, hashes: readonly string[]): string {
  return hashes.reduce((chained, each) => packHash(chained + each), packHash(runId));
}

/**
 * Verifies the checkpoints of a history against the texts before them (`docs/decisions/0002-checkpoint-hash-chain.md`).
 * `redacted` are sequences whose text is not the recorded one. Answers the sequence of the first checkpoint that does
 * not fit where one does not.
 */
export function checkCheckpoints(
  events: readonly { type: string; payload: { readonly [key: string]: unknown } }[],
  texts: readonly string[],
  redacted: ReadonlySet<number>,
): ChainCheck | { brokenAt: number } {
  let headHash: string = GENESIS_HASH;
  let covered: string[] = [];
  let isWhole = true;
  let recomputed = 0;
  let attested = 0;
  for (const [index, event] of events.entries()) {
    const isRedacted = redacted.has(index + 1);
    if (event.type !== "checkpoint.saved") {
      covered.push(texts[index] ?? "");
      if (isRedacted) isWhole = false;
      continue;
    }
    const found = event.payload["state_hash"];
    const expected = `sha256:${hash("sha256", headHash + covered.join("\n"))}`;
    if (typeof found !== "string" || isRedacted || (isWhole && found !== expected)) {
      return { brokenAt: index + 1 };
    }
    if (isWhole) recomputed += 1;
    else attested += 1;
    headHash = found;
    covered = [];
    isWhole = true;
  }
  return { recomputed, attested, headHash };
}
