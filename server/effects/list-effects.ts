import { z } from "zod";
import { termsOfFilter } from "../../core/effect-terms.ts";
import type { EffectView } from "../../core/effect-view.ts";
import { placeOfEffect } from "../../core/ids.ts";
import type { CallContext } from "../api/call-context.ts";
import type { EffectsFilterSchema } from "../api/effect-schemas.ts";
import { decodeCursor, encodeCursor } from "../api/list-cursor.ts";
import { readCaughtUpAt } from "../database/effect-search-position.ts";
import { searchEffects } from "../database/search-effects.ts";

const EffectCursorSchema = z.tuple([z.iso.datetime(), z.string(), z.int()]);

/** A page of the tenant's effects, newest first; `as_of` is up to when the search knows of everything. */
export async function listEffects(
  ctx: CallContext,
  filter: z.output<typeof EffectsFilterSchema>,
): Promise<{ items: EffectView[]; next_cursor: string | null; as_of: string }> {
  const { database } = ctx.dependencies;
  const before =
    filter.cursor === undefined ? null : decodeCursor(filter.cursor, EffectCursorSchema);
  const asOf = await readCaughtUpAt(database);
  const { runId, sequence, words } = readText(filter.q);
  const { effects, next } = await searchEffects(database, ctx.tenantId, {
    terms: termsOfFilter({ ...filter, words }),
    statuses: filter.status === undefined || filter.status.length === 0 ? null : filter.status,
    runId: filter.run ?? runId,
    sequence,
    createdAfter: filter.after === undefined ? null : new Date(filter.after),
    createdBefore: filter.before === undefined ? null : new Date(filter.before),
    before:
      before === null
        ? null
        : { createdAt: new Date(before[0]), runId: before[1], sequence: before[2] },
    limit: filter.limit,
  });
  return {
    items: effects,
    next_cursor:
      next === null
        ? null
        : encodeCursor([next.createdAt.toISOString(), next.runId, next.sequence]),
    as_of: asOf.toISOString(),
  };
}

/** An id of an effect or a run names it; everything else is words. */
function readText(text = ""): { runId: string | null; sequence: number | null; words: string } {
  const given = text.trim();
  const place = placeOfEffect(given);
  if (place !== null) return { ...place, words: "" };
  if (/^run_[0-9a-z]{1,64}$/.test(given)) return { runId: given, sequence: null, words: "" };
  return { runId: null, sequence: null, words: given };
}
