import type { EffectDetail, EffectNews } from "../../core/effect-view.ts";
import { placeOfEffect } from "../../core/ids.ts";
import { isJsonObject, type Json } from "../../core/json.ts";
import { Redactor } from "../../core/redaction.ts";
import type { CallContext } from "../api/call-context.ts";
import { findCompensating, listCompensated } from "../database/compensation-repository.ts";
import { findBindingRevision } from "../database/binding-revision-repository.ts";
import { foldedEffectView } from "../database/effect-row.ts";
import { findRun } from "../database/run-queries.ts";
import { toRunSummary } from "../database/run-row.ts";
import type { EffectWrite } from "../database/segment-write.ts";
import {
  findServiceRevision,
  listRevisionsOfService,
} from "../database/service-revision-repository.ts";
import { variablesIn } from "../packs/redact-pack.ts";
import { followRunEvents } from "../runs/follow-history.ts";
import { RunLedger } from "../runtime/run-ledger.ts";
import { effectNotFound } from "./effect-not-found.ts";
import { EffectStory } from "./effect-story.ts";

/**
 * One effect with what was asked and answered, read from its run's events. Secrets are taken out as a replay pack does
 * it: values that the instance knows or that stand under a secret's name anywhere in the run, and credentials by form.
 */
export async function getEffect(ctx: CallContext, effectId: string): Promise<EffectDetail> {
  const { database, instanceSecrets } = ctx.dependencies;
  const place = placeOfEffect(effectId);
  const row = place === null ? null : await findRun(database, ctx.tenantId, place.runId);
  if (place === null || row === null) throw effectNotFound(effectId);
  const run = toRunSummary(row);
  const ledger = new RunLedger(place.runId, []);
  const story = new EffectStory(effectId);
  const redactor = new Redactor(instanceSecrets([]));
  for await (const page of followRunEvents(ctx, run)) {
    for (const event of page) {
      ledger.fold(event, event.sequence, event.at);
      story.fold(event);
      redactor.learn(event.payload, "data");
    }
  }
  const write = ledger.take().find(({ sequence }) => sequence === place.sequence);
  if (write === undefined) throw effectNotFound(effectId);
  const compensatedBy = await findCompensating(database, ctx.tenantId, effectId, place.runId);
  const isUndone =
    run.parent_run_id !== null &&
    (await listCompensated(database, ctx.tenantId, place.runId)).has(place.sequence);
  const definitions = await findDefinitions(ctx, write, story.serviceId);
  for (const { document } of definitions) redactor.learn(document, "definition");
  redactor.know(instanceSecrets(variablesIn(definitions)));
  const hidden = redactor.redact(
    {
      input: story.request,
      output: story.result,
      receipt: write.receipt,
      messages: story.history.map(({ error }) => error?.message ?? null),
    },
    "data",
    "effect",
    "",
  );
  const { input = null, output = null, receipt, messages } = isJsonObject(hidden) ? hidden : {};
  return {
    effect: foldedEffectView(
      { tenantId: ctx.tenantId, runId: place.runId },
      {
        ...write,
        status: isUndone ? "compensated" : write.status,
        receipt: typeof receipt === "string" ? receipt : null,
      },
    ),
    step_id: story.stepId,
    service_id: story.serviceId,
    compensated_by_effect_id: compensatedBy,
    request: input,
    result: output,
    redacted_values: redactor.report.reduce((sum, { count }) => sum + count, 0),
    history: story.history.map((news, index) => ({
      ...news,
      error: withMessage(news.error, Array.isArray(messages) ? messages[index] : undefined),
    })),
    run,
  };
}

function withMessage(error: EffectNews["error"], message: Json | undefined): EffectNews["error"] {
  return error === null || typeof message !== "string" ? null : { ...error, message };
}

/** The binding and service that the call went through, as far as the registry still has them. */
async function findDefinitions(ctx: CallContext, write: EffectWrite, serviceId: string | null) {
  const { prisma } = ctx.dependencies.database;
  const { bindingId, bindingRevision } = write;
  const binding = await findBindingRevision(prisma, ctx.tenantId, bindingId, bindingRevision);
  const [latest] =
    serviceId === null ? [] : await listRevisionsOfService(prisma, ctx.tenantId, serviceId);
  const service =
    serviceId === null || latest === undefined
      ? null
      : await findServiceRevision(prisma, ctx.tenantId, serviceId, latest.revision);
  return [binding, service].flatMap((found) => (found === null ? [] : [found]));
}
