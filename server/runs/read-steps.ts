import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { type EventEnvelope, stepKeyOfPayload } from "../../core/run-events.ts";
import type { RunSummary, StepView } from "../../core/run-view.ts";
import { foldStepViews } from "../../core/step-views.ts";
import type { CallContext } from "../api/call-context.ts";
import { followHistory } from "./follow-history.ts";

/** A step as its events tell it. The view is without payloads; `input` and `output` are what was kept of the last. */
export type ReadStep<T> = { view: StepView; input: T | null; output: T | null };

/**
 * The steps and occurrences of a run by key, in the order in which they began; only the one under `onlyKey` where it is
 * given. Reads the history once, page by page, and keeps of payloads what `keep` makes of them. A foreach's input is
 * the list that it goes through, as `items`.
 */
export async function readSteps<T>(
  ctx: CallContext,
  run: Pick<RunSummary, "run_id" | "head_sequence">,
  keep: (payload: JsonObject) => T,
  onlyKey?: string,
): Promise<Map<string, ReadStep<T>>> {
  const views = new Map<string, StepView>();
  const kept = new Map<string, Omit<ReadStep<T>, "view">>();
  for await (const page of followHistory(ctx, run, 0)) {
    for (const envelope of page) {
      const key = stepKeyOfPayload(envelope.payload);
      if (key === null || (onlyKey !== undefined && key !== onlyKey)) continue;
      const { input, output, rest } = takePayloads(envelope);
      foldStepViews(views, rest);
      const before = kept.get(key);
      kept.set(key, {
        input: input === null ? (before?.input ?? null) : keep(input),
        output: output === null ? (before?.output ?? null) : keep(output),
      });
    }
  }
  return new Map(
    [...views].map(([key, view]) => [
      key,
      { view, ...(kept.get(key) ?? { input: null, output: null }) },
    ]),
  );
}

type Taken = { input: JsonObject | null; output: JsonObject | null; rest: EventEnvelope };

/** The payloads of an event, and the event without them. Only a start has an input, only an end an output. */
function takePayloads(envelope: EventEnvelope): Taken {
  const { input, output, ...payload } = envelope.payload;
  const items = isJsonObject(payload.loop) ? payload.loop.items : undefined;
  return {
    input: isJsonObject(input) ? input : items === undefined ? null : { items },
    output: isJsonObject(output) ? output : null,
    rest: { ...envelope, payload },
  };
}
