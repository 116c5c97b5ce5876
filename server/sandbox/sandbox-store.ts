import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from "node:fs";
import path from "node:path";
import {
  EntrySchema,
  type Effect,
  type Entry,
  type Mail,
  type Payment,
  type Ticket,
} from "./sandbox-records.ts";

/** Everything the sandbox service holds. `append` is the only way to change it; what it returned from survives a kill. */
export type SandboxStore = {
  readonly mails: ReadonlyMap<string, Mail>;
  readonly tickets: ReadonlyMap<string, Ticket>;
  readonly payments: ReadonlyMap<string, Payment>;
  readonly effects: ReadonlyMap<string, Effect>;
  /** Calls per idempotency key, repetitions included. */
  readonly calls: ReadonlyMap<string, number>;
  append(entry: Entry): void;
};

/**
 * Opens the store: JSON lines in `<dataDir>/sandbox.jsonl`, or memory alone without a folder. A last line that a kill cut short is dropped
 * from the file; a broken line anywhere else is an error, because the file was then changed by hand.
 */
export function openSandboxStore(dataDir: string | null): SandboxStore {
  const state = {
    mails: new Map<string, Mail>(),
    tickets: new Map<string, Ticket>(),
    payments: new Map<string, Payment>(),
    effects: new Map<string, Effect>(),
    calls: new Map<string, number>(),
  };
  const file = dataDir === null ? null : path.join(dataDir, "sandbox.jsonl");
  const fold = (entry: Entry) => {
    if (entry.call !== undefined)
      state.calls.set(entry.call.key, (state.calls.get(entry.call.key) ?? 0) + 1);
    if (entry.mail !== undefined) state.mails.set(entry.mail.id, entry.mail);
    if (entry.ticket !== undefined) state.tickets.set(entry.ticket.id, entry.ticket);
    if (entry.payment !== undefined) state.payments.set(entry.payment.id, entry.payment);
    if (entry.effect !== undefined) state.effects.set(entry.effect.key, entry.effect);
  };
  if (dataDir !== null) mkdirSync(dataDir, { recursive: true });
  if (file !== null && existsSync(file)) for (const entry of readEntries(file)) fold(entry);
  return {
    ...state,
    append(entry) {
      if (file !== null) appendFileSync(file, `${JSON.stringify(entry)}\n`);
      fold(entry);
    },
  };
}

function readEntries(file: string): Entry[] {
  const text = readFileSync(file, "utf8");
  const end = text.lastIndexOf("\n") + 1;
  if (end < text.length) truncateSync(file, Buffer.byteLength(text.slice(0, end)));
  return text
    .slice(0, end)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => EntrySchema.parse(JSON.parse(line)));
}
