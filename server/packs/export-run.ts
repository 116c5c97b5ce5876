import { DomainError } from "../../core/errors.ts";
import type { RunEvent } from "../../core/run-events.ts";
import type { CallContext } from "../api/call-context.ts";
import { requireCaller } from "../api/require-caller.ts";
import { findPackHead, listEffectsOfRun, readWholeHistory } from "../database/pack-repository.ts";
import { listChildRunIds } from "../database/run-queries.ts";
import { findSkillVersion } from "../database/skill-version-repository.ts";
import { runNotFound } from "../runs/run-not-found.ts";
import { damagedHistory } from "../runtime/runtime-errors.ts";
import { VERSION } from "../version.ts";
import { assemblePack } from "./assemble-pack.ts";
import { collectDefinitions } from "./collect-definitions.ts";
import { checkCheckpoints } from "./event-chain.ts";
import { MAX_CONTENT_BYTES } from "./pack-format.ts";
import { textsOf } from "./redact-pack.ts";

/**
 * A run as one file: definitions, events, ledger and hashes, without secrets. `run_not_found` where the tenant has none
 * of that id, `invalid_configuration` where its history does not fit its own hashes, `payload_too_large` where the file
 * would be. Needs `registry:read` besides `run:read`, for the definitions.
 */
export async function exportRun(ctx: CallContext, runId: string): Promise<Buffer> {
  requireCaller(ctx, "registry:read");
  const { tenantId } = ctx;
  const { database, instanceSecrets, now } = ctx.dependencies;
  const head = await findPackHead(database, tenantId, runId);
  if (head === null) throw runNotFound(runId);
  const run = { tenantId, runId, headSequence: head.head_sequence };
  const history = await readWholeHistory(database, { ...run, maxBytes: MAX_CONTENT_BYTES });
  if (history === null) throw tooLong(runId);
  const events = history.map((event, index) => ({ ...event, sequence: index + 1 }));
  assertWhole(head, events);
  const skill = await findSkillVersion(
    database.prisma,
    tenantId,
    head.skill_id,
    head.skill_version,
  );
  if (skill === null) throw skillGone(head.skill_id, head.skill_version);
  return assemblePack({
    run: {
      ...head,
      child_run_ids: await listChildRunIds(database, tenantId, runId),
      created_at: head.created_at.toISOString(),
      started_at: head.started_at?.toISOString() ?? null,
      finished_at: head.finished_at?.toISOString() ?? null,
    },
    skill: {
      id: head.skill_id,
      version: head.skill_version,
      channel: skill.channel,
      content_hash: skill.contentHash,
      document: skill.document,
      source: skill.source,
    },
    ...(await collectDefinitions(database.prisma, tenantId, events)),
    effects: await listEffectsOfRun(database, run),
    events,
    secretsFor: instanceSecrets,
    exportedAt: now(),
    exportedBy: `orca ${VERSION}`,
  });
}

/** What a run's file is called when it is saved. */
export function packFileName(runId: string): string {
  return `${runId}.orcapack.gz`;
}

function assertWhole(
  head: { run_id: string; head_sequence: number; head_hash: string },
  events: readonly RunEvent[],
): void {
  const chain = checkCheckpoints(events, textsOf(events), new Set());
  const isWhole = events.length === head.head_sequence;
  if (isWhole && !("brokenAt" in chain) && chain.headHash === head.head_hash) return;
  const sequence = "brokenAt" in chain ? chain.brokenAt : events.length;
  throw damagedHistory(head.run_id, sequence, "its hash does not fit");
}

function tooLong(runId: string): DomainError {
  return new DomainError(
    "payload_too_large",
    `The history of run ${runId} is larger than a replay pack may be (${MAX_CONTENT_BYTES} bytes).`,
    { hint: "Read its events page by page with GET /api/v1/runs/{run_id}/events." },
  );
}

function skillGone(skillId: string, version: string): DomainError {
  return new DomainError("not_found", `The skill ${skillId}@${version} that ran is not there.`, {
    hint: "Import that version again.",
  });
}
