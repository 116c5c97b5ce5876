import { termsOfFilter, type EffectTermFilter } from "../core/effect-terms.ts";
import type { EffectStatus } from "../core/effect-view.ts";
import { searchEffects, type EffectSearch } from "../server/database/search-effects.ts";
import { percentile, type Benchmark } from "./benchmark.ts";
import {
  effectAt,
  generateEffects,
  SEARCHED_TENANT,
} from "../server/effects/testing/generate-effects.ts";

const EFFECTS = 1_000_000;
const QUESTIONS_EACH = 20;

/** A question by the number of the effect that it looks for. */
type Question = (index: number) => Partial<EffectSearch>;
const by = (filter: EffectTermFilter) => ({ terms: termsOfFilter(filter) });
const inState = (...statuses: EffectStatus[]) => ({ statuses });

const QUESTIONS: Record<string, Question> = {
  newest: () => ({}),
  "a page far back": (index) => {
    const { createdAt, runId, sequence } = effectAt(index, EFFECTS);
    return { before: { createdAt, runId, sequence } };
  },
  "in doubt": () => inState("in_doubt"),
  "failed or in doubt": () => inState("failed", "in_doubt"),
  run: (index) => ({ runId: effectAt(index, EFFECTS).runId }),
  receipt: (index) => by({ receipt: `rcpt-${index}` }),
  "a field of one": (index) => by({ request: { "order.id": String(index * 3) } }),
  "a field of some": (index) =>
    by({ request: { "customer.name": effectAt(index, EFFECTS).request.customer.name } }),
  "a field of a fifth": () => by({ request: { region: "north" } }),
  "a field of nobody": () => by({ request: { region: "nowhere" } }),
  "target of half": () => by({ target: "shop.kind_0.call" }),
  "target of few": () => by({ target: "binding_9" }),
  "target of a fifth, all old": () => by({ target: "legacy" }),
  "common target and field": () => by({ target: "shop.kind_0.call", request: { region: "east" } }),
  "common and rare": () => by({ target: "shop.kind_0.call", request: { urgent: "true" } }),
  "common things never together": () => by({ capability: "shop.kind_0.call", target: "binding_1" }),
  "two words": (index) => by({ words: effectAt(index, EFFECTS).request.note }),
  "state and target": () => ({ ...inState("in_doubt"), ...by({ target: "shop.kind_1.call" }) }),
  "field within a day": (index) => ({
    ...by({ request: { region: "south" } }),
    createdBefore: effectAt(index, EFFECTS).createdAt,
    createdAfter: new Date(effectAt(index, EFFECTS).createdAt.getTime() - 86_400_000),
  }),
};

let isGenerated = false;

/** The search over all effects of a tenant that has a million of them. */
export const EFFECT_SEARCH: Benchmark = {
  name: "effect-search",
  question: "How long does a page of a search take over a million effects of one tenant?",
  async measure({ database, clear }) {
    if (!isGenerated) {
      await clear();
      await generateEffects(database, EFFECTS);
      await database.pool.query("VACUUM ANALYZE effects, effect_search");
      isGenerated = true;
    }
    const all: number[] = [];
    const worst: Record<string, number> = {};
    for (const [name, question] of Object.entries(QUESTIONS)) {
      const latencies: number[] = [];
      for (let round = 0; round < QUESTIONS_EACH; round += 1) {
        const index = Math.floor((EFFECTS / QUESTIONS_EACH) * (round + 0.5));
        const startedAt = performance.now();
        await searchEffects(database, SEARCHED_TENANT, { ...EVERYTHING, ...question(index) });
        latencies.push(performance.now() - startedAt);
      }
      worst[`${name} (max ms)`] = Math.max(...latencies);
      all.push(...latencies);
    }
    return {
      name: "effect-search",
      n: all.length,
      c: 1,
      runs_s: null,
      steps_s: null,
      events_s: null,
      p50_ms: percentile(all, 0.5),
      p99_ms: percentile(all, 0.99),
      more: worst,
    };
  },
};

const EVERYTHING: EffectSearch = {
  terms: [],
  statuses: null,
  runId: null,
  sequence: null,
  createdAfter: null,
  createdBefore: null,
  before: null,
  limit: 50,
};
