import { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import { JsonObjectSchema } from "../../core/field.ts";
import type { RunSummary } from "../../core/run-view.ts";
import type { RunEvent } from "../../core/run-events.ts";
import type { CallContext } from "../api/call-context.ts";
import { hasRun, insertImportedRun, type ImportedRun } from "../database/pack-repository.ts";
import { claimRegistryHead } from "../database/registry-repository.ts";
import { getRunSummary } from "../runs/get-run-summary.ts";
import { checkPack, type PackCheck } from "./check-pack.ts";
import { importPackSkill } from "./import-pack-skill.ts";
import { damagedPack } from "./pack-errors.ts";
import { readPack, type Pack } from "./read-pack.ts";
import { redriveEvents } from "./redrive-events.ts";

export type ImportedPack = {
  run: RunSummary;
  skill: { id: string; version: string; is_new: boolean };
  redacted_values: number;
};

/** A history of hundreds of megabytes takes its time to be written. */
const IMPORT_TIMEOUT_MS = 60_000;

/**
 * Takes an ended run in as a record of this tenant, under its own id, with the skill version that ran. Nobody drives
 * it: it is ended, owned by nobody, and its ledger stays where it acted. Throws `invalid_request` for what is no whole
 * pack of an ended run, and `version_conflict` where the run, or another skill of that version, is there already.
 */
export async function importPack(ctx: CallContext, file: Buffer): Promise<ImportedPack> {
  const { database, now, registry } = ctx.dependencies;
  const { tenantId, actor } = ctx;
  const pack = await readPack(file);
  const run = await toImportedRun(pack, checkPack(pack), { tenantId, actor, at: now() });
  const isNew = await database.prisma.$transaction(
    async (tx) => {
      // Also keeps two imports of one run apart.
      await claimRegistryHead(tx, tenantId);
      if (await hasRun(tx, tenantId, run.runId)) throw runExists(run.runId);
      const isNewSkill = await importPackSkill(tx, pack, ctx);
      await insertImportedRun(tx, run, toSegments(pack.texts));
      return isNewSkill;
    },
    { timeout: IMPORT_TIMEOUT_MS, maxWait: IMPORT_TIMEOUT_MS },
  );
  if (isNew) registry.forget(tenantId);
  return {
    run: await getRunSummary(ctx, run.runId),
    skill: { id: run.skillId, version: run.skillVersion, is_new: isNew },
    redacted_values: pack.manifest.redacted_values,
  };
}

const CreatedSchema = z.looseObject({
  environment: z.string(),
  inputs: JsonObjectSchema,
  attributes: JsonObjectSchema,
  lineage_root_run_id: z.string(),
});

/** The row that follows from the events; what the pack's head says beside them must agree. */
async function toImportedRun(
  { run, hash, events: lines }: Pack,
  { plan, events }: PackCheck,
  by: { tenantId: string; actor: string; at: Date },
): Promise<ImportedRun> {
  const { status } = run;
  if (status !== "completed" && status !== "failed" && status !== "canceled")
    throw notEnded(run.run_id, status);
  const { checked, state } = await redriveEvents(plan, run, events);
  const created = CreatedSchema.safeParse(lines[0]?.payload);
  const isFolded = checked === events.length && state.sequence === events.length;
  if (!isFolded || state.status !== status || !created.success)
    throw damagedPack("events", `they do not lead to a ${status} run`);
  return {
    tenantId: by.tenantId,
    runId: run.run_id,
    skillId: run.skill_id,
    skillVersion: run.skill_version,
    skillHash: run.skill_hash,
    environment: created.data.environment,
    status,
    headSequence: run.head_sequence,
    headHash: run.head_hash,
    traceId: run.trace_id,
    parentRunId: state.parent?.run_id ?? null,
    lineageRootRunId: created.data.lineage_root_run_id,
    sourceRunId: state.sourceRunId,
    // The events are as they were; who reads the run sees that it did not happen here.
    attributes: {
      ...created.data.attributes,
      imported_at: by.at.toISOString(),
      imported_by: by.actor,
      imported_pack: hash,
    },
    inputs: created.data.inputs,
    outputs: state.scope.outputs,
    error: status === "failed" ? (state.failure?.error ?? null) : null,
    createdAt: new Date(state.createdAt),
    startedAt: state.startedAt === null ? null : new Date(state.startedAt),
    finishedAt: endedAt(events),
  };
}

function endedAt(events: readonly RunEvent[]): Date {
  return new Date(events.at(-1)?.at ?? 0);
}

/** About as much as a flush writes: a page of events reads whole segments. */
const SEGMENT_CHARACTERS = 256 * 1024;

function toSegments(texts: readonly string[]) {
  const segments: { firstSeq: number; lastSeq: number; body: string }[] = [];
  let first = 0;
  let characters = 0;
  for (const [index, text] of texts.entries()) {
    characters += text.length;
    if (characters < SEGMENT_CHARACTERS && index < texts.length - 1) continue;
    const body = `[${texts.slice(first, index + 1).join(",")}]`;
    segments.push({ firstSeq: first + 1, lastSeq: index + 1, body });
    first = index + 1;
    characters = 0;
  }
  return segments;
}

function runExists(runId: string): DomainError {
  return new DomainError("version_conflict", `There is a run ${runId} here already.`, {
    hint: "A run is imported once; read it with GET /api/v1/runs/{run_id}.",
    details: { run_id: runId },
  });
}

function notEnded(runId: string, status: string): DomainError {
  return new DomainError(
    "invalid_request",
    `The run ${runId} in this pack is ${status.replaceAll("_", " ")}; only ended runs are imported.`,
    {
      hint: "Export it again once it has ended. `orca replay <file> --offline` re-drives unfinished runs too.",
      details: { run_id: runId, status },
    },
  );
}
