import fc from "fast-check";
import { expect, test } from "vitest";
import { readServerSentEvents, type ServerSentEvent } from "./server-sent-events.ts";

async function read(chunks: Uint8Array[]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  for await (const event of readServerSentEvents(stream)) events.push(event);
  return events;
}
const bytes = (text: string) => new TextEncoder().encode(text);
const message = (id: string | null, data: string) => ({ kind: "message", id, data }) as const;

test("messages have the id and the data of their lines", async () => {
  expect(
    await read([bytes("id: 1\nevent: run.created\ndata: {}\n\n:\n\ndata:a\ndata: b\n\n")]),
  ).toEqual([message("1", "{}"), { kind: "comment" }, message("1", "a\nb")]);
});

test("lines may end in each of the three ways", async () => {
  const expected = [message("7", "x"), message("8", "y")];
  for (const end of ["\n", "\r", "\r\n"]) {
    const text = ["id: 7", "data: x", "", "id: 8", "data: y", "", ":"].join(end);
    expect(await read([bytes(text)])).toEqual(expected);
  }
});

test("a message that the end cuts off is dropped", async () => {
  expect(await read([bytes("id: 1\ndata: whole\n\nid: 2\ndata: cut\n")])).toEqual([
    message("1", "whole"),
  ]);
});

test("however the bytes are cut into pieces, the same messages come out", async () => {
  const whole = bytes(
    "id: 1\r\ndata: größe 日本\r\n\r\n:\r\nid: 2\ndata: a\ndata: b\n\nid: 3\rdata: c\r\r\n",
  );
  const expected = await read([whole]);
  expect(expected).toHaveLength(4);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(whole.length), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
      const chunks = at.slice(1).map((end, index) => whole.slice(at[index], end));
      expect(await read(chunks)).toEqual(expected);
    }),
  );
});
