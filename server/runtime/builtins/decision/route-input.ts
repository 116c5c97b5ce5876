import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { readLabels, scoreLabels } from "../text/classify-text.ts";

/** Where a query goes when nobody is named. */
export const UNROUTED = "unrouted";

/**
 * Sends `query` to the one of `agents` (names, or `{id|label|name, description?, keywords?}`) whose words it shares most.
 * Without agents, or where none shares a word, `route` is `unrouted` with confidence 0: no target is made up.
 */
export const routeInput: Builtin = (input) => {
  const given = new InputReader(input);
  const targets = readLabels(given.list("agents", []));
  const scores = scoreLabels(given.text("query"), targets).filter((entry) => entry.hits.length > 0);
  const best = scores[0];
  if (best === undefined) {
    return {
      route: UNROUTED,
      confidence: 0,
      candidates: [],
      status: "partial",
      rationale:
        targets.length === 0
          ? "No targets were given to choose from."
          : "No target shares a word with the query.",
    };
  }
  const total = scores.reduce((sum, entry) => sum + entry.score, 0);
  return {
    route: best.label,
    confidence: Math.round((best.score / total) * 100) / 100,
    candidates: scores
      .slice(0, 5)
      .map((entry) => ({ route: entry.label, score: Math.round(entry.score * 100) / 100 })),
    status: "ok",
    rationale: `Shares ${best.hits.slice(0, 6).join(", ")} with ${best.label}.`,
  };
};
