import { z } from "zod";
import { getEffect } from "../../effects/get-effect.ts";
import { listEffects } from "../../effects/list-effects.ts";
import { listRunEffects } from "../../effects/list-run-effects.ts";
import { resolveEffect } from "../../effects/resolve-effect.ts";
import {
  EffectDetailSchema,
  EffectListSchema,
  EffectsFilterSchema,
  EffectViewSchema,
  OneEffectSchema,
  ResolveEffectSchema,
} from "../effect-schemas.ts";
import { operation, router } from "../operation.ts";
import { RunIdSchema } from "../run-schemas.ts";

const tag = "Effects";

/** The side-effect ledger: to read, and to settle what is in doubt. */
export const effectsRouter = router({
  list: operation({
    method: "GET",
    path: "/effects",
    permission: "run:read",
    tag,
    summary: "Search the side-effect ledger, newest first",
  })
    .input(EffectsFilterSchema)
    .output(EffectListSchema)
    .query(({ ctx, input }) => listEffects(ctx, input)),

  get: operation({
    method: "GET",
    path: "/effects/{effect_id}",
    permission: "run:read",
    tag,
    summary: "Get one effect with its request and result",
  })
    .input(OneEffectSchema)
    .output(EffectDetailSchema)
    .query(({ ctx, input }) => getEffect(ctx, input.effect_id)),

  resolve: operation({
    method: "POST",
    path: "/effects/{effect_id}/resolve",
    permission: "approval:decide",
    tag,
    summary: "Say what became of an effect in doubt",
  })
    .input(ResolveEffectSchema)
    .output(EffectDetailSchema)
    .mutation(({ ctx, input: { effect_id: effectId, ...said } }) =>
      resolveEffect(ctx, effectId, said),
    ),

  ofRun: operation({
    method: "GET",
    path: "/runs/{run_id}/effects",
    permission: "run:read",
    tag,
    summary: "List a run's effects in order",
  })
    .input(z.object({ run_id: RunIdSchema }))
    .output(z.object({ items: z.array(EffectViewSchema) }))
    .query(({ ctx, input }) => listRunEffects(ctx, input.run_id)),
});
