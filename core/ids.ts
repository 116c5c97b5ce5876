/** The prefix of each kind of id. Ids sort by the time they were made (UUID version 7, RFC 9562). */
export const ID_PREFIXES = {
  run: "run",
  tenant: "tnt",
  user: "usr",
  apiKey: "key",
  worker: "wrk",
  command: "cmd",
  import: "imp",
  noticeChannel: "chn",
  noticeTest: "tst",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** Makes a new id of the kind, such as `run_0199f3…`. Handed in where ids are needed, so that pure code makes none. */
export type MakeId = (kind: IdKind) => string;

/** The database numbers a run's events with 32 bits. */
const MAX_SEQUENCE = 2 ** 31 - 1;

/** The id of the event at `sequence` of a run: derived, so that it never needs storing. */
export function eventIdOf(runId: string, sequence: number): string {
  return `evt_${runId.slice(4)}_${sequence}`;
}

/** The id of the checkpoint at `sequence` of a run. */
export function checkpointIdOf(runId: string, sequence: number): string {
  return `chk_${runId.slice(4)}_${sequence}`;
}

/** The sequence that a checkpoint's id names, or null where it is no id of a checkpoint of that run. */
export function checkpointSequenceOf(runId: string, checkpointId: string): number | null {
  const sequence = Number(checkpointId.slice(checkpointId.lastIndexOf("_") + 1));
  const isSequence = sequence >= 1 && sequence <= MAX_SEQUENCE;
  return isSequence && checkpointId === checkpointIdOf(runId, sequence) ? sequence : null;
}

/** The id of the approval that the event at `sequence` of a run asks for. */
export function approvalIdOf(runId: string, sequence: number): string {
  return `apr_${runId.slice(4)}_${sequence}`;
}

/** The id of the notice that tells of the event at `sequence` of a run. */
export function noticeIdOf(runId: string, sequence: number): string {
  return `ntc_${runId.slice(4)}_${sequence}`;
}

/** The run and event that an approval's id names, or null where it is no id of an approval. */
export function approvalPlaceOf(approvalId: string): { runId: string; sequence: number } | null {
  const end = approvalId.lastIndexOf("_");
  const runId = `run_${approvalId.slice(4, end)}`;
  const sequence = Number(approvalId.slice(end + 1));
  const isSequence = sequence >= 1 && sequence <= MAX_SEQUENCE;
  return isSequence && approvalId === approvalIdOf(runId, sequence) ? { runId, sequence } : null;
}

/** The id of the effect that the event at `sequence` of a run announces. */
export function effectIdOf(runId: string, sequence: number): string {
  return `eff_${runId.slice(4)}_${sequence}`;
}

/** The run and the sequence that an effect's id names, or null where it is no id of an effect. */
export function placeOfEffect(effectId: string): { runId: string; sequence: number } | null {
  const [, key, number] = /^eff_([0-9a-z]{1,64})_([1-9][0-9]{0,9})$/.exec(effectId) ?? [];
  const sequence = Number(number);
  return key === undefined || sequence > MAX_SEQUENCE ? null : { runId: `run_${key}`, sequence };
}
