import { z } from "zod";
import type { VerifierClient } from "../client.ts";
import type { UnreliableProvider } from "../faults/unreliable-provider.ts";
import { countActs } from "./find-doers.ts";

/** An effect whose outcome nobody knows yet: the ledger says so, and why. */
export type Doubt = {
  run_id: string;
  effect_id: string;
  step_path: string;
  occurrence: string;
  reason: string;
  /** How often the provider acted: 0 or 1. */
  provider_acts: number;
};

/** What was found of one run, nested ones apart. */
export type Judgement = {
  /** The effects by their status in the ledger. */
  effects: Record<string, number>;
  doubts: Doubt[];
  /** Where the ledger and the provider's own log do not tell the same. */
  violations: string[];
};

const DoubtSchema = z.looseObject({
  effect_id: z.string(),
  error: z.looseObject({ message: z.string() }).optional(),
});

/**
 * Compares the ledger of a run with the provider's own log: recorded is done exactly once, failed is not done, in
 * doubt is done at most once, and nothing is still under way.
 */
export async function judgeRun(
  api: VerifierClient,
  runId: string,
  provider: Pick<UnreliableProvider, "titlesOfKeys">,
  acts: ReadonlyMap<string, number>,
  /** The effects under whose key the provider may have acted, of all runs: where one of them has a key, it did it. */
  doers: ReadonlyMap<string, string>,
): Promise<Judgement> {
  const judgement: Judgement = { effects: {}, doubts: [], violations: [] };
  const effects = await api.effects(runId);
  const events = await api.events(runId);
  for (const [index, { sequence }] of events.entries())
    if (sequence !== index + 1)
      judgement.violations.push(`${runId}: event ${index + 1} has sequence ${sequence}`);
  for (const effect of effects) {
    const { status, effect_id: id } = effect;
    judgement.effects[status] = (judgement.effects[status] ?? 0) + 1;
    const titles = [...(provider.titlesOfKeys.get(effect.idempotency_key) ?? [])];
    const count = countActs(effect, titles, acts, doers);
    if (!isAllowed(status, count) || titles.length > 1)
      judgement.violations.push(
        `${id} of ${runId} is ${status}, and the provider did it ${count} times (${titles.join(", ")})`,
      );
    if (status === "in_doubt")
      judgement.doubts.push({
        run_id: runId,
        effect_id: id,
        step_path: effect.step_path,
        occurrence: effect.occurrence,
        reason: reasonOf(events, id),
        provider_acts: count,
      });
  }
  return judgement;
}

/** How often the provider may have acted for an effect of this status. */
function isAllowed(status: string, acts: number): boolean {
  if (status === "recorded" || status === "reused") return acts === 1;
  if (status === "failed" || status === "blocked") return acts === 0;
  return status === "in_doubt" && acts <= 1;
}

function reasonOf(events: Awaited<ReturnType<VerifierClient["events"]>>, effectId: string): string {
  const told = events
    .filter(({ event_type: type }) => type === "side_effect.in_doubt")
    .map(({ payload }) => DoubtSchema.parse(payload))
    .findLast(({ effect_id: id }) => id === effectId);
  return told?.error?.message ?? "the run was stopped while the call was under way";
}
