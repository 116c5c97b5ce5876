import { expect, test } from "vitest";
import type { StoredEvent } from "../../core/run-events.ts";
import { storedText } from "../../core/run-events.ts";
import { parseSegmentText, textsOfSegment } from "./segment-text.ts";

const signal = (payload: StoredEvent["payload"] & object, at = 1): string =>
  `["signal.received",${at},${JSON.stringify(payload)},"ada"]`;

test.each([
  [
    "plain events",
    [
      signal({ signal_id: "a", name: "go", payload: 1 }),
      signal({ signal_id: "b", name: "go", payload: ["x"] }),
    ],
  ],
  ["one event", [signal({ signal_id: "a", name: "go", payload: null })]],
  [
    "a payload that looks like events, as a value and as a text",
    [
      signal({ signal_id: "a", name: "go", payload: [["x"], ["run.created", 5, {}]] }),
      signal({ signal_id: "b", name: '"],["run.created",5,{', payload: [] }),
    ],
  ],
])("the texts of %s are those that were stored", (_, texts) => {
  const body = `[${texts.join(",")}]`;
  const events = parseSegmentText(body);
  expect(textsOfSegment(body, events)).toEqual(texts);
  expect(events.map(storedText)).toEqual(texts);
});
