import { beforeAll, describe, expect, test, vi } from "vitest";
import type { NewEvent } from "../../core/run-events.ts";
import { EMPTY_REGISTRY } from "./testing/empty-registry.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ registry: EMPTY_REGISTRY });
  return api.close;
});

const step = (index: number): NewEvent => ({
  type: "step.started",
  payload: { step_id: `s${index}`, attempt: 1 },
});
const completed: NewEvent = { type: "run.completed", payload: { outputs: {} } };
const checkpoint: NewEvent = {
  type: "checkpoint.saved",
  payload: { kind: "run_finished", state_hash: "h" },
};

async function startRun(): Promise<string> {
  const request = {
    tenantId: "acme",
    skillId: "a.b",
    version: null,
    inputs: {},
    environment: "dev",
    attributes: {},
    options: {},
    startAt: null,
    actor: "t",
  };
  return (await api.runtime.startRun(request)).runId;
}

/** A client that reads a stream; `ids` are the sequences so far. */
async function follow(
  runId: string,
  options: { after?: number; lastEventId?: number; of?: TestApi } = {},
) {
  const gone = new AbortController();
  const query = options.after === undefined ? "" : `?after=${options.after}`;
  const response = await (options.of ?? api).call(`/api/v1/runs/${runId}/stream${query}`, {
    signal: gone.signal,
    ...(options.lastEventId === undefined
      ? {}
      : { headers: { "last-event-id": String(options.lastEventId) } }),
  });
  const frames: string[] = [];
  const ended = (async () => {
    let rest = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const parts = (rest + chunk).split("\n\n");
      rest = parts.pop() ?? "";
      frames.push(...parts);
    }
  })();
  const ids = () => frames.flatMap((frame) => /^id: (\d+)$/m.exec(frame)?.[1] ?? []).map(Number);
  return {
    response,
    frames,
    ids,
    ended,
    leave: () => {
      gone.abort();
      return ended.catch(() => undefined);
    },
  };
}

describe("a stream", () => {
  test("of a run that has ended tells every event in order and closes", async () => {
    const runId = await startRun();
    await api.runtime.append("acme", runId, [step(1), step(2)]);
    await api.runtime.append("acme", runId, [completed, checkpoint], "completed");
    const client = await follow(runId);
    await client.ended;
    expect(client.ids()).toEqual([1, 2, 3, 4, 5]);
    expect(client.response.headers.get("content-type")).toContain("text/event-stream");
    expect(client.frames[3]).toMatch(
      /^id: 4\nevent: run.completed\ndata: \{"event_id":"evt_[0-9a-f]+_4"/,
    );
  });

  test("of a living run goes on with what comes, until the run ends", async () => {
    const runId = await startRun();
    const client = await follow(runId);
    await expect.poll(client.ids).toEqual([1]);
    await api.runtime.append("acme", runId, [step(1)]);
    await expect.poll(client.ids).toEqual([1, 2]);
    await api.runtime.append("acme", runId, [step(2), completed], "completed");
    await client.ended;
    expect(client.ids()).toEqual([1, 2, 3, 4]);
    expect(api.runtime.followers()).toBe(0);
  });

  test.each([["after"], ["lastEventId"]] as const)(
    "resumes behind %s, inside a segment too",
    async (how) => {
      const runId = await startRun();
      await api.runtime.append("acme", runId, [step(1), step(2), step(3)]);
      await api.runtime.append("acme", runId, [completed], "completed");
      const client = await follow(runId, { [how]: 3 });
      await client.ended;
      expect(client.ids()).toEqual([4, 5]);
    },
  );

  test("follows Last-Event-ID rather than the address when a browser comes back", async () => {
    const runId = await startRun();
    await api.runtime.append("acme", runId, [step(1), completed], "completed");
    const client = await follow(runId, { after: 0, lastEventId: 2 });
    await client.ended;
    expect(client.ids()).toEqual([3]);
  });

  test("has no gap and no duplicate however often the client leaves while events are written", async () => {
    const runId = await startRun();
    const total = 400;
    const writing = (async () => {
      for (let index = 0; index < total; index += 4) {
        await api.runtime.append("acme", runId, [
          step(index),
          step(index + 1),
          step(index + 2),
          step(index + 3),
        ]);
      }
      await api.runtime.append("acme", runId, [completed], "completed");
    })();
    const seen: number[] = [];
    while (seen.at(-1) !== total + 2) {
      const client = await follow(runId, { lastEventId: seen.at(-1) ?? 0 });
      await Promise.race([
        client.ended,
        expect.poll(() => client.ids().length).toBeGreaterThan(30),
      ]);
      await client.leave();
      seen.push(...client.ids());
    }
    await writing;
    expect(seen).toEqual(Array.from({ length: total + 2 }, (_, index) => index + 1));
    await expect.poll(() => api.runtime.followers()).toBe(0);
  }, 30_000);

  test("reads a segment of many events a few times, not once for each step of the way", async () => {
    const runId = await startRun();
    const total = 25_000;
    await api.runtime.append(
      "acme",
      runId,
      [...Array.from({ length: total - 2 }, (_, index) => step(index)), completed],
      "completed",
    );
    const query = vi.spyOn(api.database.pool, "query");
    const client = await follow(runId);
    await client.ended;
    const reads = query.mock.calls.filter(([asked]) =>
      JSON.stringify(asked).includes("read_events"),
    );
    query.mockRestore();
    expect(client.ids()).toEqual(Array.from({ length: total }, (_, index) => index + 1));
    expect(reads.length).toBeLessThanOrEqual(4);
  });

  test("of many clients tells each of them everything", async () => {
    const runId = await startRun();
    const clients = await Promise.all(Array.from({ length: 20 }, () => follow(runId)));
    for (let index = 0; index < 20; index += 1)
      await api.runtime.append("acme", runId, [step(index)]);
    await api.runtime.append("acme", runId, [completed], "completed");
    await Promise.all(clients.map((client) => client.ended));
    for (const client of clients)
      expect(client.ids()).toEqual(Array.from({ length: 22 }, (_, index) => index + 1));
  });

  test("of a run that was resumed after it failed goes past the failure", async () => {
    const runId = await startRun();
    const failed: NewEvent = {
      type: "run.failed",
      payload: { error: { code: "runtime_error", message: "x" }, outputs: {} },
    };
    await api.runtime.append("acme", runId, [failed], "failed");
    await api.runtime.append("acme", runId, [{ type: "run.resumed", payload: {} }], "running");
    const client = await follow(runId);
    await expect.poll(client.ids).toEqual([1, 2, 3]);
    await api.runtime.append("acme", runId, [completed], "completed");
    await client.ended;
    expect(client.ids()).toEqual([1, 2, 3, 4]);
  });

  test("that has told everything answers 204, so that a browser does not come back", async () => {
    const runId = await startRun();
    await api.runtime.append("acme", runId, [completed], "completed");
    const client = await follow(runId, { lastEventId: 2 });
    expect(client.response.status).toBe(204);
  });

  test("with a position that is none is refused", async () => {
    const response = await api.call(`/api/v1/runs/${await startRun()}/stream?after=latest`);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { code: "invalid_request" } },
    ]);
  });

  test("carries events that are larger than a page of memory, one after the other", async () => {
    const runId = await startRun();
    const large = (index: number): NewEvent => ({
      type: "step.completed",
      payload: { step_id: `s${index}`, output: { text: "x".repeat(3_000_000) } },
    });
    for (let index = 0; index < 5; index += 1)
      await api.runtime.append("acme", runId, [large(index)]);
    await api.runtime.append("acme", runId, [completed], "completed");
    const client = await follow(runId);
    await client.ended;
    expect(client.ids()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  }, 30_000);
});

describe("the list of events", () => {
  test("is paged by sequence", async () => {
    const runId = await startRun();
    await api.runtime.append("acme", runId, [step(1), step(2), step(3)]);
    const read = async (query: string) =>
      (await api.call(`/api/v1/runs/${runId}/events?${query}`)).json();
    expect(await read("limit=3")).toMatchObject({
      items: [{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }],
      next_cursor: "3",
    });
    expect(await read("after=3&limit=3")).toMatchObject({
      items: [{ sequence: 4 }],
      next_cursor: null,
    });
  });

  test("folds to steps and checkpoints", async () => {
    const runId = await startRun();
    await api.runtime.append("acme", runId, [step(1), checkpoint, step(2), checkpoint]);
    const read = async (what: string) => (await api.call(`/api/v1/runs/${runId}/${what}`)).json();
    expect(await read("steps")).toMatchObject({
      items: [{ step_id: "s1", status: "running" }, { step_id: "s2" }],
    });
    const page = await read("checkpoints?limit=1");
    expect(page).toMatchObject({ items: [{ sequence: 3 }] });
    expect(await read(`checkpoints?limit=1&cursor=${String(page.next_cursor)}`)).toMatchObject({
      items: [{ sequence: 5 }],
      next_cursor: null,
    });
  });
});

test("a server that stops ends its streams", async () => {
  const own = await startTestApi({ registry: EMPTY_REGISTRY });
  const request = {
    tenantId: "acme",
    skillId: "a.b",
    version: null,
    inputs: {},
    environment: "dev",
    attributes: {},
    options: {},
    startAt: null,
    actor: "t",
  };
  const { runId } = await own.runtime.startRun(request);
  const client = await follow(runId, { of: own });
  await expect.poll(client.ids).toEqual([1]);
  own.stopStreams();
  await client.ended;
  expect(own.runtime.followers()).toBe(0);
  await own.close();
});
