"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import { isUndo } from "../../core/compensation.ts";
import { occurrenceKey, type StepStatus } from "../../core/step.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { LiveDuration } from "../ui/live-duration.tsx";
import { TextField } from "../ui/text-field.tsx";
import { occurrenceLabel } from "./occurrence-label.ts";
import type { StepGroup } from "./step-groups.ts";

/** The occurrences of a loop: counts that narrow the list, a search over keys and payloads, only visible rows. */
export function OccurrenceList({
  group,
  onSelect,
}: {
  group: StepGroup;
  onSelect: (key: string) => void;
}) {
  const [status, setStatus] = useState<StepStatus | null>(null);
  const [typed, setTyped] = useState("");
  const shown = useMemo(
    () =>
      group.occurrences.filter(
        (view) =>
          (status === null || view.status === status) &&
          (typed === "" ||
            `${view.occurrence} ${JSON.stringify(view.input)} ${JSON.stringify(view.output)}`
              .toLowerCase()
              .includes(typed.toLowerCase())),
      ),
    [group, status, typed],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 32,
    overscan: 10,
  });
  const done = group.occurrences.filter((view) => !isUndo(view)).length;
  const total = group.view.loop?.count ?? done;
  const undoing = group.occurrences.length - done;
  return (
    <section aria-label="Occurrences" className="flex flex-col gap-2">
      <h3 className="font-medium">
        {done > 0 ? `${done} of ${total} occurrences` : null}
        {done > 0 && undoing > 0 ? " · " : null}
        {undoing > 0 ? `${undoing} to undo what it did` : null}
      </h3>
      <div className="flex flex-wrap gap-1.5">
        {group.counts.map(([name, count]) => (
          <button
            key={name}
            type="button"
            aria-pressed={status === name}
            onClick={() => setStatus(status === name ? null : name)}
            className="flex items-center gap-1.5 rounded-md border pr-2 aria-pressed:border-accent"
          >
            <StatusBadge status={name} /> {count}
          </button>
        ))}
      </div>
      {group.occurrences.length > 8 ? (
        <TextField
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          placeholder="Search keys, inputs and outputs"
          aria-label="Search occurrences"
        />
      ) : null}
      <div ref={scroller} className="max-h-80 overflow-auto rounded-lg border">
        <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const view = shown[item.index];
            return view === undefined ? null : (
              <li
                key={view.occurrence}
                className="absolute inset-x-0 h-8"
                style={{ top: item.start }}
              >
                <button
                  type="button"
                  onClick={() =>
                    onSelect(occurrenceKey(view.step_id, view.occurrence ?? undefined))
                  }
                  className="flex h-full w-full items-center gap-3 px-3 text-left -outline-offset-2 hover:bg-hover"
                >
                  <span className="mono min-w-0 flex-1 truncate">{occurrenceLabel(view)}</span>
                  {view.started_at === null ? null : (
                    <span className="text-sm text-ink-muted">
                      <LiveDuration from={view.started_at} to={view.ended_at} />
                    </span>
                  )}
                  <StatusBadge status={view.status} />
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
