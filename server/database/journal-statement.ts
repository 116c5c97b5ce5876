import {
  APPLIED,
  APPROVALS,
  COMMANDS,
  EFFECTS,
  FIRST_SEGMENTS,
  HEADS,
  NEW_RUNS,
  SNAPSHOTS,
  UNDO_EFFECTS,
  UNDONE,
  type AppliedRow,
  type ApprovalRow,
  type BodyRow,
  type CommandRow,
  type EffectRow,
  type NewRunWrite,
  type SnapshotRow,
  type UndoneRow,
} from "./journal-rows.ts";
import { rowCountOf, type RowSet } from "./row-set.ts";
import type { SegmentWrite } from "./segment-write.ts";

/** A prepared statement and its parameters, as `pg` takes them. */
export type FlushQuery = { name: string; text: string; values: (string | Buffer | null)[] };

/** One kind of row that a flush may hold, and the SQL that writes it; `rows` is its source. */
type Part<Row> = {
  name: string;
  rowSet: RowSet<Row>;
  alias: string;
  toSql: (rows: string, as: string) => string[];
};

const HEAD_PART: Part<BodyRow> = {
  name: "h",
  rowSet: HEADS,
  alias: "i",
  toSql: (rows, as) => [advanceSql(rows, as), segmentsSql(as)],
};
const NEW_PART: Part<NewRunWrite> = {
  name: "n",
  rowSet: NEW_RUNS,
  alias: "n",
  toSql: (rows, as) => [createSql(rows, as)],
};
const FIRST_SEGMENT_PART: Part<BodyRow> = {
  name: "s",
  rowSet: FIRST_SEGMENTS,
  alias: "s",
  toSql: (rows) => [firstSegmentSql(rows)],
};
const EFFECT_PART: Part<EffectRow> = {
  name: "e",
  rowSet: EFFECTS,
  alias: "e",
  toSql: (rows) => [effectSql(rows)],
};
const UNDO_EFFECT_PART: Part<EffectRow> = {
  name: "u",
  rowSet: UNDO_EFFECTS,
  alias: "e",
  toSql: (rows) => [effectSql(rows, "undo_ledger", ["compensates_effect_id"])],
};
const UNDONE_PART: Part<UndoneRow> = {
  name: "k",
  rowSet: UNDONE,
  alias: "u",
  toSql: (rows) => [undoneSql(rows)],
};
const APPROVAL_PART: Part<ApprovalRow> = {
  name: "a",
  rowSet: APPROVALS,
  alias: "q",
  toSql: (rows) => [approvalSql(rows), noticeSql(rows)],
};
const COMMAND_PART: Part<CommandRow> = {
  name: "c",
  rowSet: COMMANDS,
  alias: "c",
  toSql: commandSql,
};
const APPLIED_PART: Part<AppliedRow> = {
  name: "d",
  rowSet: APPLIED,
  alias: "a",
  toSql: (rows) => [appliedSql(rows)],
};
const SNAPSHOT_PART: Part<SnapshotRow> = {
  name: "p",
  rowSet: SNAPSHOTS,
  alias: "s",
  toSql: (rows) => [snapshotSql(rows)],
};

const texts = new Map<string, string>();

/**
 * The one statement of a flush. A run's segment extends its head exactly (`head_sequence = first_seq - 1`) under its
 * lease (`lease_epoch`), or is a new run's first; everything else is written only for the runs that were written so,
 * and the answer names them. A run that is missing lost its lease or a race, and nothing of it was written.
 *
 * Parts that a flush has no rows for are left out, and a part of one row is written for one: starting the others up
 * would cost more than most flushes' rows. Every list carries its own tenant and run ids, and `IN (…) IS TRUE` makes
 * PostgreSQL probe a hash of the written runs: joins would be planned for ten rows and cost the square of the batch.
 * Indexes: primary keys throughout, since a tenant inside `IS TRUE` is no condition that another index could serve; `effects_held_key` refuses a second live record of one key in a shared lineage.
 */
export function flushQuery(writes: readonly SegmentWrite[]): FlushQuery {
  const { all, bodies } = placeBodies(writes);
  const query = new FlushBuilder(all);
  query.add(
    HEAD_PART,
    bodies.filter(({ write }) => write.newRun === null),
  );
  query.add(NEW_PART, writes.filter(isNew));
  query.add(
    FIRST_SEGMENT_PART,
    bodies.filter(({ write }) => write.newRun !== null),
  );
  const effects = writes.flatMap(({ tenantId, runId, isShared, effects: rows }) =>
    rows.map((effect) => ({ tenantId, runId, isShared, ...effect })),
  );
  query.add(
    EFFECT_PART,
    effects.filter(({ compensatesEffectId }) => compensatesEffectId === null),
  );
  query.add(
    UNDO_EFFECT_PART,
    effects.filter(({ compensatesEffectId }) => compensatesEffectId !== null),
  );
  query.add(
    UNDONE_PART,
    writes.flatMap(({ tenantId, runId, undone }) =>
      undone.map((effect) => ({ tenantId, runId, ...effect })),
    ),
  );
  query.add(
    APPROVAL_PART,
    writes.flatMap(({ tenantId, runId, approvals }) =>
      approvals.map((approval) => ({ tenantId, runId, ...approval })),
    ),
  );
  query.add(
    COMMAND_PART,
    writes.flatMap(({ tenantId, runId, commands }) =>
      commands.map((command) => ({ tenantId, fromRunId: runId, ...command })),
    ),
  );
  query.add(
    APPLIED_PART,
    writes.flatMap(({ tenantId, runId, applied }) =>
      applied.map((command) => ({ tenantId, runId, ...command })),
    ),
  );
  query.add(
    SNAPSHOT_PART,
    writes.flatMap(({ tenantId, runId, snapshot }) =>
      snapshot === null ? [] : [{ tenantId, runId, ...snapshot }],
    ),
  );
  return query.build();
}

/** Which parts say what was written, and under which name. */
const ORIGINS: Readonly<Record<string, string>> = { h: "advanced", n: "created" };

type Source = { name: string; toSql: (rows: string, as: string) => string[]; toRows: () => string };

/** Puts a flush together from its parts; the text of each combination is written once. */
class FlushBuilder {
  readonly #values: (string | Buffer | null)[];
  readonly #sources: Source[] = [];
  #name = "journal";

  constructor(bodies: Buffer) {
    this.#values = [bodies];
  }

  add<Row>(part: Part<Row>, rows: readonly Row[]): void {
    if (rows.length === 0) return;
    const count = rowCountOf(rows);
    const first = this.#values.length + 1;
    this.#name += `_${part.name}${count === "one" ? "1" : ""}`;
    const { name, toSql } = part;
    this.#sources.push({ name, toSql, toRows: () => part.rowSet.toSql(part.alias, first, count) });
    this.#values.push(...part.rowSet.toParameters(rows));
  }

  build(): FlushQuery {
    let text = texts.get(this.#name);
    if (text === undefined) texts.set(this.#name, (text = this.#compose()));
    return { name: this.#name, text, values: this.#values };
  }

  #compose(): string {
    const heads = this.#sources.filter(({ name }) => ORIGINS[name] !== undefined);
    const others = this.#sources.filter((source) => !heads.includes(source));
    // One origin says itself what was written: a list over it would only cost its start.
    const nameOf = ({ name }: Source) => (heads.length === 1 ? "written" : (ORIGINS[name] ?? ""));
    const sqlOf = (sources: readonly Source[]) =>
      sources.flatMap((source) => source.toSql(source.toRows(), nameOf(source)));
    const union = heads.map((head) => `SELECT run_id FROM ${nameOf(head)}`).join(" UNION ALL ");
    const written = heads.length === 1 ? [] : [`written AS (${union})`];
    return `WITH ${[...sqlOf(heads), ...written, ...sqlOf(others)].join(", ")} SELECT run_id FROM written`;
  }
}

/** All bodies in one binary parameter, each found by its place in it. */
function placeBodies(writes: readonly SegmentWrite[]): { all: Buffer; bodies: BodyRow[] } {
  const texts = writes.map(({ body }) => body ?? "");
  const joined = texts.join("");
  const all = Buffer.from(joined, "utf8");
  // Nearly always: each character is one byte, and no text has to be measured again.
  const isAscii = all.length === joined.length;
  let end = 0;
  const bodies = writes.map((write, index): BodyRow => {
    const text = texts[index] ?? "";
    const length = isAscii ? text.length : Buffer.byteLength(text, "utf8");
    end += length;
    return { write, from: end - length, length };
  });
  return { all, bodies };
}

function isNew(write: SegmentWrite): write is NewRunWrite {
  return write.newRun !== null;
}

const WRITTEN = "(SELECT run_id FROM written)";

function advanceSql(rows: string, as: string): string {
  return `${as} AS (
  UPDATE runs r SET
    head_sequence = i.last_seq,
    head_hash = i.head_hash,
    status = i.status,
    started_at = to_timestamp(i.started_at / 1000),
    finished_at = to_timestamp(i.finished_at / 1000),
    outputs = i.outputs::json,
    error = i.error::json,
    owner_worker_id = CASE WHEN i.finished_at IS NULL THEN r.owner_worker_id END,
    wake_at = CASE WHEN i.finished_at IS NULL THEN r.wake_at END
  FROM ${rows}
  WHERE r.run_id = i.run_id AND (r.tenant_id = i.tenant_id) IS TRUE
    AND r.head_sequence = i.first_seq - 1 AND r.lease_epoch = i.lease_epoch
  RETURNING r.tenant_id, r.run_id, i.first_seq, i.last_seq, i.body_from, i.body_length
)`;
}

function segmentsSql(advanced: string): string {
  return `segments AS (
  INSERT INTO event_segments (tenant_id, run_id, first_seq, last_seq, body)
  SELECT tenant_id, run_id, first_seq, last_seq, substring($1::bytea FROM body_from + 1 FOR body_length)
  FROM ${advanced} WHERE body_length > 0
)`;
}

function createSql(rows: string, as: string): string {
  return `${as} AS (
  INSERT INTO runs (
    tenant_id, run_id, skill_id, skill_version, skill_hash, environment, status, head_sequence, head_hash,
    owner_worker_id, lease_epoch, wake_at, trace_id, parent_run_id, lineage_root_run_id, source_run_id,
    source_checkpoint_id, attributes, inputs, outputs, error, created_at, started_at, finished_at)
  SELECT n.tenant_id, n.run_id, n.skill_id, n.skill_version, n.skill_hash, n.environment, n.status, n.last_seq,
    n.head_hash, n.owner_worker_id, n.lease_epoch, to_timestamp(n.wake_at / 1000), n.trace_id, n.parent_run_id,
    n.lineage_root_run_id, n.source_run_id, n.source_checkpoint_id, n.attributes::jsonb, n.inputs::json,
    n.outputs::json, n.error::json, to_timestamp(n.created_at / 1000), to_timestamp(n.started_at / 1000),
    to_timestamp(n.finished_at / 1000)
  FROM ${rows}
  ON CONFLICT DO NOTHING
  RETURNING run_id
)`;
}

function firstSegmentSql(rows: string): string {
  return `first_segments AS (
  INSERT INTO event_segments (tenant_id, run_id, first_seq, last_seq, body)
  SELECT s.tenant_id, s.run_id, 1, s.last_seq, substring($1::bytea FROM s.body_from + 1 FOR s.body_length)
  FROM ${rows}
  WHERE (s.run_id IN ${WRITTEN}) IS TRUE
)`;
}

/**
 * A row that a lost answer left behind, or an earlier flush, is brought up to date. What was undone stays so: of a nested
 * run's effects another history says it, which whoever loads the nested run does not see.
 */
function effectSql(rows: string, name = "ledger", more: readonly string[] = []): string {
  return `${name} AS (
  INSERT INTO effects AS l (
    tenant_id, run_id, sequence, step_path, occurrence, capability_id, binding_id, binding_revision, effect_class,
    idempotency_key, holds_key, request_hash, response_hash, status, replay_policy, result_sequence,
    provider_receipt, approval_id, attempts, created_at, updated_at${more.map((column) => `, ${column}`).join("")})
  SELECT e.tenant_id, e.run_id, e.sequence, e.step_path, coalesce(e.occurrence, ''), e.capability_id, e.binding_id,
    e.binding_revision, e.effect_class, e.idempotency_key, e.holds_key = 1, e.request_hash, e.response_hash,
    e.status, e.replay_policy, e.result_sequence, e.receipt, e.approval_id, e.attempts, to_timestamp(e.created_at / 1000),
    to_timestamp(e.updated_at / 1000)${more.map((column) => `, e.${column}`).join("")}
  FROM ${rows}
  WHERE (e.run_id IN ${WRITTEN}) IS TRUE
  ON CONFLICT (tenant_id, run_id, sequence) DO UPDATE SET
    capability_id = excluded.capability_id, binding_id = excluded.binding_id,
    binding_revision = excluded.binding_revision, effect_class = excluded.effect_class,
    idempotency_key = excluded.idempotency_key, holds_key = excluded.holds_key,
    request_hash = excluded.request_hash, response_hash = excluded.response_hash,
    status = CASE l.status WHEN 'compensated' THEN l.status ELSE excluded.status END,
    replay_policy = excluded.replay_policy, result_sequence = excluded.result_sequence,
    provider_receipt = excluded.provider_receipt, approval_id = excluded.approval_id, attempts = excluded.attempts, updated_at = excluded.updated_at,
    written_xid = excluded.written_xid
)`;
}

/** The row that holds what stands under a key goes on holding it: what follows it has a key of its own. */
function undoneSql(rows: string): string {
  return `undone AS (
  UPDATE effects l SET status = 'compensated', updated_at = to_timestamp(u.undone_at / 1000), written_xid = DEFAULT
  FROM ${rows}
  WHERE l.run_id = u.effect_run_id AND (l.tenant_id = u.tenant_id) IS TRUE AND l.sequence = u.sequence
    AND (u.run_id IN ${WRITTEN}) IS TRUE
)`;
}

/** Made by the flush that asks, changed by those that tell of answers, claims and ends. */
function approvalSql(rows: string): string {
  return `approval_rows AS (
  INSERT INTO approvals AS a (
    tenant_id, run_id, sequence, payload_sequence, environment, skill_id, step_path, step_id, occurrence, capability_id, kind, status,
    risk, reason, payload_hash, eligible, quorum, forbid_self_approval, requested_by, expires_at, on_expiry,
    claimed_by, decisions, gist, created_at, updated_at)
  SELECT q.tenant_id, q.run_id, q.sequence, coalesce(q.payload_sequence, q.sequence), q.environment, q.skill_id, q.step_path, q.step_id,
    coalesce(q.occurrence, ''), q.capability_id, q.kind, q.status, q.risk, q.reason, q.payload_hash,
    q.eligible::jsonb, q.quorum, q.forbid_self_approval = 1, q.requested_by, q.expires_at::timestamptz,
    q.on_expiry, q.claimed_by::json, q.decisions::json, coalesce(q.gist, ''), to_timestamp(q.updated_at / 1000),
    to_timestamp(q.updated_at / 1000)
  FROM ${rows}
  WHERE (q.run_id IN ${WRITTEN}) IS TRUE
  ON CONFLICT (run_id, tenant_id, sequence) DO UPDATE SET
    payload_sequence = greatest(a.payload_sequence, excluded.payload_sequence),
    status = excluded.status, payload_hash = excluded.payload_hash, eligible = excluded.eligible, claimed_by = excluded.claimed_by,
    decisions = excluded.decisions, gist = excluded.gist, updated_at = excluded.updated_at
)`;
}

/** What people outside are told is written down with the fact itself: no crash can lose the one without the other. */
function noticeSql(rows: string): string {
  return `notice_rows AS (
  INSERT INTO notices (tenant_id, notice_id, type, run_id, sequence, occurred_at)
  SELECT q.tenant_id, q.notice_id, q.notice_type, q.run_id, q.sequence, to_timestamp(q.updated_at / 1000)
  FROM ${rows}
  WHERE q.notice_type IS NOT NULL AND (q.run_id IN ${WRITTEN}) IS TRUE
  ON CONFLICT DO NOTHING
)`;
}

function commandSql(rows: string): string[] {
  return [
    `commands AS (
  INSERT INTO run_commands (tenant_id, run_id, command_id, kind, payload)
  SELECT c.tenant_id, c.run_id, c.command_id, c.kind, c.payload::json
  FROM ${rows}
  WHERE (c.from_run_id IN ${WRITTEN}) IS TRUE
  ON CONFLICT DO NOTHING
)`,
    `woken AS (
  -- A mark that survives a parking of the other run, whichever of the two comes first.
  UPDATE runs r SET wake_at = now()
  FROM ${rows}
  WHERE r.run_id = c.run_id AND (r.tenant_id = c.tenant_id) IS TRUE
    AND r.run_id NOT IN ${WRITTEN} AND r.status NOT IN ('completed', 'failed', 'canceled')
    AND (c.from_run_id IN ${WRITTEN}) IS TRUE
)`,
  ];
}

function appliedSql(rows: string): string {
  return `applied AS (
  UPDATE run_commands c SET applied_at = now(), error = a.error::json
  FROM ${rows}
  WHERE c.tenant_id = a.tenant_id AND c.run_id = a.run_id AND c.command_id = a.command_id
    AND c.applied_at IS NULL
    AND (a.run_id IN ${WRITTEN}) IS TRUE
)`;
}

function snapshotSql(rows: string): string {
  return `snapshot_rows AS (
  INSERT INTO snapshots (tenant_id, run_id, sequence, state_hash, body)
  SELECT s.tenant_id, s.run_id, s.sequence, s.state_hash, convert_to(s.body, 'UTF8')
  FROM ${rows}
  WHERE (s.run_id IN ${WRITTEN}) IS TRUE
  ON CONFLICT DO NOTHING
)`;
}
