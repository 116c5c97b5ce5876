import type { ServerResponse } from "node:http";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventEnvelope } from "../../core/run-events.ts";
import { eventOf } from "../testing/event.ts";
import { stubServer } from "../testing/stub-server.ts";
import { createApiClient } from "./api-client.ts";
import { followRun, type Patience } from "./follow-run.ts";

const HASTY: Patience = { firstMs: 1, longestMs: 2, giveUpMs: 60_000, silenceMs: 60_000 };
const HISTORY = [
  eventOf(1, "run.created"),
  eventOf(2, "run.started"),
  eventOf(3, "step.started", { step_id: "a", attempt: 1 }),
  eventOf(4, "step.completed", { step_id: "a" }),
  eventOf(5, "run.completed", { outputs: {} }),
];
const frame = (event: EventEnvelope) =>
  `id: ${event.sequence}\nevent: ${event.event_type}\ndata: ${JSON.stringify(event)}\n\n`;
const startStream = (response: ServerResponse) =>
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" }).flushHeaders();
const refuse = (response: ServerResponse, status: number, code: string) =>
  response
    .writeHead(status, { "content-type": "application/json" })
    .end(JSON.stringify({ error: { code, message: "No." }, trace_id: "t" }));

/** What is followed of a server that answers each connection with the next of `answers`, the last one for ever. */
async function follow(
  answers: ((response: ServerResponse, position: number) => void)[],
  given: { after?: number; patience?: Partial<Patience>; signal?: AbortSignal } = {},
) {
  let connection = 0;
  const positions: number[] = [];
  await using server = await stubServer((request, response) => {
    const position = Number(request.headers["last-event-id"]);
    positions.push(position);
    answers[Math.min(connection, answers.length - 1)]?.(response, position);
    connection += 1;
  });
  const states: boolean[] = [];
  const sequences: number[] = [];
  const client = createApiClient({ url: server.url, apiKey: null });
  const events = followRun(client, "run_1", {
    after: given.after ?? 0,
    signal: given.signal ?? new AbortController().signal,
    patience: { ...HASTY, ...given.patience },
    onConnection: ({ isLost }) => void states.push(isLost),
  });
  let error: unknown = null;
  try {
    for await (const event of events) sequences.push(event.sequence);
  } catch (thrown) {
    error = thrown;
  }
  return { sequences, positions, states, error };
}

const sendFrom =
  (from: number, to = HISTORY.length) =>
  (response: ServerResponse) => {
    startStream(response);
    for (const event of HISTORY.slice(from, to)) response.write(frame(event));
    response.end();
  };
const sendRest = (response: ServerResponse, position: number) => sendFrom(position)(response);

describe("following a run", () => {
  test("gives its events and ends after the last one", async () => {
    const { sequences, positions, error } = await follow([sendRest]);
    expect(sequences).toEqual([1, 2, 3, 4, 5]);
    expect(positions).toEqual([0]);
    expect(error).toBeNull();
  });

  test("goes on where it was after a connection that ended or was cut within an event", async () => {
    const { sequences, positions } = await follow([
      sendFrom(0, 2),
      (response, position) => {
        startStream(response);
        response.write(frame(HISTORY[position] ?? eventOf(0, "run.created")));
        response.write('id: 4\ndata: {"event', () => response.destroy());
      },
      sendRest,
    ]);
    expect(sequences).toEqual([1, 2, 3, 4, 5]);
    expect(positions).toEqual([0, 2, 3]);
  });

  test("shows each event once, however connections break, repeat and skip", async () => {
    const connection = fc.record({ back: fc.nat(2), skip: fc.nat(2), count: fc.nat(4) });
    await fc.assert(
      fc.asyncProperty(fc.array(connection, { maxLength: 6 }), async (connections) => {
        const broken = connections.map(
          ({ back, skip, count }) =>
            (response: ServerResponse, position: number) =>
              sendFrom(Math.max(0, position - back + skip), position + skip + count)(response),
        );
        expect((await follow([...broken, sendRest])).sequences).toEqual([1, 2, 3, 4, 5]);
      }),
      { numRuns: 25 },
    );
  });

  test("passes over what comes twice without asking again", async () => {
    const twice = HISTORY.flatMap((event) => [event, event]);
    const { sequences, positions } = await follow([
      (response) => {
        startStream(response);
        response.end(twice.map(frame).join(""));
      },
    ]);
    expect(sequences).toEqual([1, 2, 3, 4, 5]);
    expect(positions).toEqual([0]);
  });

  test("tells once that the server is away and once that it is back", async () => {
    const { sequences, states } = await follow([
      sendFrom(0, 1),
      (response) => refuse(response, 503, "unavailable"),
      (response) => response.destroy(),
      (response) => refuse(response, 429, "rate_limited"),
      sendRest,
    ]);
    expect(sequences).toEqual([1, 2, 3, 4, 5]);
    expect(states).toEqual([true, false]);
  });

  test("goes on after the end of a run that was resumed since", async () => {
    const resumed = [
      eventOf(1, "run.created"),
      eventOf(2, "run.failed", { outputs: {} }),
      eventOf(3, "run.resumed"),
      eventOf(4, "run.completed", { outputs: {} }),
    ];
    const { sequences, positions } = await follow([
      (response, position) => {
        startStream(response);
        for (const event of resumed.slice(position, position + 3)) response.write(frame(event));
        response.end();
      },
    ]);
    expect(sequences).toEqual([1, 2, 3, 4]);
    expect(positions).toEqual([0, 3]);
  });

  test("ends at once where there is nothing more to come", async () => {
    const { sequences, error } = await follow([(response) => response.writeHead(204).end()], {
      after: 99,
    });
    expect(sequences).toEqual([]);
    expect(error).toBeNull();
  });

  test("gives up on a server that stays away", async () => {
    const { sequences, error } = await follow(
      [sendFrom(0, 1), (response) => refuse(response, 503, "unavailable")],
      { patience: { giveUpMs: 50 } },
    );
    expect(sequences).toEqual([1]);
    expect(error).toMatchObject({ code: "unavailable", exitCode: 4 });
  });

  test("asks again on a connection that fell silent", async () => {
    const { sequences, positions } = await follow(
      [
        (response) => {
          startStream(response);
          response.write(frame(eventOf(1, "run.created")));
        },
        sendRest,
      ],
      { patience: { silenceMs: 1_000 } },
    );
    expect(sequences).toEqual([1, 2, 3, 4, 5]);
    expect(positions).toEqual([0, 1]);
  });

  test("does not wait for a server that never answered, and not after a refusal", async () => {
    const away = await follow([(response) => refuse(response, 503, "unavailable")]);
    expect(away).toMatchObject({ positions: [0], error: { exitCode: 4 } });
    const refused = await follow([
      sendFrom(0, 1),
      (response) => refuse(response, 401, "unauthorized"),
    ]);
    expect(refused).toMatchObject({ positions: [0, 1], error: { code: "unauthorized" } });
  });

  test("ends without an error when it is interrupted", async () => {
    const interruption = new AbortController();
    const { sequences, error } = await follow(
      [
        (response) => {
          startStream(response);
          response.write(frame(eventOf(1, "run.created")));
          setImmediate(() => interruption.abort());
        },
      ],
      { signal: interruption.signal },
    );
    expect(sequences.length).toBeLessThanOrEqual(1);
    expect(error).toBeNull();
  });
});
