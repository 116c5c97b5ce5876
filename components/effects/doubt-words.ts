import type { JsonObject } from "../../core/json.ts";

/** What a person says of an effect in doubt. */
export type SaidOfDoubt = {
  outcome: "happened" | "not_happened" | "stop";
  result?: JsonObject;
  comment?: string;
};

/** What each answer is called, and what follows from it while the step waits and after its run has ended. */
export const DOUBT_WORDS: Readonly<
  Record<
    SaidOfDoubt["outcome"],
    { title: string; whenWaiting: string; whenEnded: string; verb: string }
  >
> = {
  happened: {
    title: "It happened",
    whenWaiting: "The step completes with the result that you enter. Nothing is sent.",
    whenEnded:
      "The ledger records it with the result that you enter. A run that is resumed or replayed takes it.",
    verb: "Record that it happened",
  },
  not_happened: {
    title: "It did not happen",
    whenWaiting: "The step sends the request now.",
    whenEnded:
      "The ledger records that nothing happened. Nothing is sent now; a run that is resumed or replayed sends the request.",
    verb: "Record that it did not",
  },
  stop: {
    title: "Stop the step",
    whenWaiting:
      "The step fails, and nothing is sent. The effect stays in the list of unknown outcomes until somebody knows.",
    whenEnded: "The run has ended; nothing is left to stop.",
    verb: "Stop the step",
  },
};
