"use client";

import { useEffect, useState } from "react";
import { isTerminal } from "../../core/run.ts";
import type { EventEnvelope } from "../../core/run-events.ts";
import { reportConnection } from "../shell/live-connections.ts";
import {
  appendEvents,
  EMPTY_LOG,
  parseEnvelope,
  STREAMED_TYPES,
  type RunLogSnapshot,
} from "./run-log.ts";

/** Events that come closer together than this are drawn together. */
const GATHER_MS = 80;
const RETRY_MS = 2_000;

/**
 * A run's history, read from the first event on and followed while it grows; null reads nothing. A connection that
 * breaks goes on after the last event that was read. The stream of a run that has ended is closed; it is opened
 * again when `resumes` counts up, or when the server is known to have more (`knownHead`), as after a resume by
 * somebody else.
 */
export function useRunLog(
  runId: string | null,
  resumes: number,
  knownHead: number,
): RunLogSnapshot {
  const [log, setLog] = useState<RunLogSnapshot>(EMPTY_LOG);
  const isBehind = hasEnded(log) && knownHead > log.head;
  // Outside system: the event stream of the server.
  useEffect(() => {
    if (runId === null) return;
    let current = log.events[0]?.run_id === runId ? log : EMPTY_LOG;
    return followRun(runId, current.head, (events) => {
      current = appendEvents(current, events);
      setLog(current);
      return current;
    });
    // The log is the start of the reading only; it must not begin anew with each event.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [runId, resumes, isBehind]);
  return log.events.length > 0 && log.events[0]?.run_id !== runId ? EMPTY_LOG : log;
}

function hasEnded(log: RunLogSnapshot): boolean {
  return log.status !== null && isTerminal(log.status);
}

function followRun(
  runId: string,
  after: number,
  onEvents: (events: EventEnvelope[]) => RunLogSnapshot,
): () => void {
  const connection = Symbol(runId);
  let source: EventSource | null = null;
  let gathered: EventEnvelope[] = [];
  let head = after;
  let isEnded = false;
  let gathering: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const flush = () => {
    gathering = undefined;
    const log = onEvents(gathered);
    gathered = [];
    head = log.head;
    isEnded = hasEnded(log);
  };
  const onMessage = (message: MessageEvent<string>) => {
    const event = parseEnvelope(message.data);
    if (event === null) return;
    gathered.push(event);
    gathering ??= setTimeout(flush, GATHER_MS);
  };
  const close = () => {
    source?.close();
    reportConnection(connection, null);
  };
  const open = () => {
    source = new EventSource(`/api/v1/runs/${runId}/stream?after=${head}`);
    for (const type of STREAMED_TYPES) source.addEventListener(type, onMessage);
    source.addEventListener("open", () => reportConnection(connection, "following"));
    source.addEventListener("error", () => {
      if (gathering !== undefined) {
        clearTimeout(gathering);
        flush();
      }
      // The server closes the stream after the last event of a run; the browser takes that for an error.
      if (isEnded) return close();
      source?.close();
      reportConnection(connection, "reconnecting");
      retry = setTimeout(open, RETRY_MS);
    });
  };

  open();
  return () => {
    clearTimeout(gathering);
    clearTimeout(retry);
    close();
  };
}
