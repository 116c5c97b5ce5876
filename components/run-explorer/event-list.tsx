"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ChevronDown, ChevronRight, ScrollText } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { stepKeyOfPayload, type EventEnvelope } from "../../core/run-events.ts";
import { JsonViewer } from "../json-viewer/json-viewer.tsx";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { formatDuration } from "../ui/format-duration.ts";
import { describeEvent } from "./describe-event.ts";
import { EVENT_TOPICS, type EventTopic } from "./event-types.ts";

type EventListProps = {
  events: readonly EventEnvelope[];
  /** Distances are counted from here (RFC 3339). */
  startedAt: string;
  isLive: boolean;
  /** Only the events of this step; null for all. */
  stepKey?: string | null;
};

const ROW = 28;
const OPENED = 260;

/** The facts of a run in order: chips by topic, a payload to open, and an end that is followed until one scrolls away. */
export function EventList({ events, startedAt, isLive, stepKey = null }: EventListProps) {
  const [hidden, setHidden] = useState<ReadonlySet<EventTopic>>(new Set());
  const [opened, setOpened] = useState<number | null>(null);
  const [seen, setSeen] = useState<number | null>(null);
  const scroller = useRef<HTMLDivElement>(null);

  const ofStep = useMemo(
    () =>
      stepKey === null
        ? events
        : events.filter((event) => stepKeyOfPayload(event.payload) === stepKey),
    [events, stepKey],
  );
  const counts = useMemo(() => countTopics(ofStep), [ofStep]);
  const shown = useMemo(
    () => ofStep.filter((event) => !hidden.has(EVENT_TOPICS[event.event_type])),
    [ofStep, hidden],
  );
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (shown[index]?.sequence === opened ? ROW + OPENED : ROW),
    getItemKey: (index) => shown[index]?.event_id ?? index,
    overscan: 20,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, opened]);
  // Outside system: the scroll position, which follows the end until the reader leaves it.
  useEffect(() => {
    if (isLive && seen === null && shown.length > 0) virtualizer.scrollToIndex(shown.length - 1);
  }, [virtualizer, isLive, seen, shown.length]);

  const onScroll = () => {
    const box = scroller.current;
    if (box === null || !isLive) return;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < ROW * 2;
    if (isAtEnd) setSeen(null);
    else setSeen((before) => before ?? shown.length);
  };
  const toggleTopic = (topic: EventTopic) => {
    const next = new Set(hidden);
    if (!next.delete(topic)) next.add(topic);
    setHidden(next);
  };
  const unseen = seen === null ? 0 : shown.length - seen;
  const base = Date.parse(startedAt);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        role="group"
        aria-label="Topics of events"
        className="flex shrink-0 flex-wrap items-center gap-1 border-b px-2 py-1"
      >
        {counts.map(([topic, count]) => (
          <button
            key={topic}
            type="button"
            aria-pressed={!hidden.has(topic)}
            onClick={() => toggleTopic(topic)}
            className="flex h-6 items-center gap-1.5 rounded-sm border px-1.5 text-sm text-ink-muted line-through aria-pressed:border-line-strong aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:no-underline"
          >
            {topic} <span className="text-ink-muted">{count}</span>
          </button>
        ))}
      </div>
      {shown.length === 0 ? (
        <EmptyState
          icon={ScrollText}
          title={
            ofStep.length === 0 ? "No event has been written yet" : "All topics are switched off"
          }
        />
      ) : (
        <div
          ref={scroller}
          onScroll={onScroll}
          role="list"
          aria-label="Events"
          tabIndex={0}
          className="min-h-0 flex-1 overflow-auto -outline-offset-2"
        >
          <div
            role="presentation"
            className="relative"
            style={{ height: virtualizer.getTotalSize() }}
          >
            {virtualizer.getVirtualItems().map((item) => {
              const event = shown[item.index];
              if (event === undefined) return null;
              const isOpen = event.sequence === opened;
              return (
                <div
                  key={item.key}
                  role="listitem"
                  className="absolute inset-x-0"
                  style={{ top: item.start, height: item.size }}
                >
                  <EventLine
                    event={event}
                    base={base}
                    isOpen={isOpen}
                    onToggle={() => setOpened(isOpen ? null : event.sequence)}
                  />
                  {isOpen ? (
                    <div className="flex border-y bg-surface" style={{ height: OPENED }}>
                      <JsonViewer
                        value={event.payload}
                        label={`the payload of event ${event.sequence}`}
                      />
                    </div>
                  ) : null}
                </div>
              );
            })}
          </div>
        </div>
      )}
      {unseen > 0 ? (
        <Button
          look="primary"
          size="small"
          className="absolute bottom-3 left-1/2 -translate-x-1/2"
          onClick={() => setSeen(null)}
        >
          {unseen} new <ArrowDown aria-hidden />
        </Button>
      ) : null}
    </div>
  );
}

type EventLineProps = { event: EventEnvelope; base: number; isOpen: boolean; onToggle: () => void };

function EventLine({ event, base, isOpen, onToggle }: EventLineProps) {
  const isBad = /\.(?:failed|in_doubt|blocked)$/.test(event.event_type);
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="flex h-7 w-full items-center gap-3 px-2 text-left -outline-offset-2 hover:bg-hover"
    >
      {isOpen ? (
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
      ) : (
        <ChevronRight aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
      )}
      <span className="mono w-10 shrink-0 text-right text-ink-muted">{event.sequence}</span>
      <span className="w-16 shrink-0 text-right text-sm text-ink-muted" title={event.occurred_at}>
        +{formatDuration(Date.parse(event.occurred_at) - base)}
      </span>
      <span className={classNames("mono shrink-0", isBad && "text-bad")}>{event.event_type}</span>
      <span className="min-w-0 truncate text-ink-muted">{describeEvent(event)}</span>
    </button>
  );
}

function countTopics(events: readonly EventEnvelope[]): [EventTopic, number][] {
  const counts = new Map<EventTopic, number>();
  for (const event of events) {
    const topic = EVENT_TOPICS[event.event_type];
    counts.set(topic, (counts.get(topic) ?? 0) + 1);
  }
  return [...counts];
}
