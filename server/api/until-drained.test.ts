import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { untilDrained } from "./until-drained.ts";

/** A stream that takes nothing before `take` is called. */
function slowStream() {
  let take = () => {};
  const stream = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => {
      take = done;
    },
  });
  stream.write("more than it holds");
  return { stream, take: () => take() };
}
const listeners = (stream: Writable) =>
  ["drain", "close", "error"].map((name) => stream.listenerCount(name));

test("waiting ends when the stream takes more, and leaves no listener behind", async () => {
  const { stream, take } = slowStream();
  const before = listeners(stream);
  const drained = untilDrained(stream, new AbortController().signal);
  take();
  await drained;
  expect(listeners(stream)).toEqual(before);
});

test("waiting ends when the stream is closed", async () => {
  const { stream } = slowStream();
  const drained = untilDrained(stream, new AbortController().signal);
  stream.destroy();
  await drained;
  expect(stream.destroyed).toBe(true);
});

test("waiting ends when it is called off, and leaves no listener behind", async () => {
  const { stream } = slowStream();
  const before = listeners(stream);
  const off = new AbortController();
  const drained = untilDrained(stream, off.signal);
  off.abort();
  await drained;
  expect(listeners(stream)).toEqual(before);
});
