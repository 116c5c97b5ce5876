import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../core/json.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { MEDIA_MODULE } from "./media-module.ts";
import { asText } from "../as-text.ts";

let sandboxDir: string;
beforeAll(async () => {
  sandboxDir = await mkdtemp(path.join(tmpdir(), "orca-media-"));
  await writeFile(path.join(sandboxDir, "talk.wav"), wav(8_000));
  await writeFile(path.join(sandboxDir, "call.wav"), wav(16_000));
  await writeFile(
    path.join(sandboxDir, "call.srt"),
    "1\n00:00:00,000 --> 00:00:01,000\nHello there.\n",
  );
  await writeFile(path.join(sandboxDir, "red-bicycle.png"), png(4, 3));
});
afterAll(() => rm(sandboxDir, { recursive: true, force: true }));

/** A silent WAV header of `bytes` at 8,000 bytes a second. */
function wav(bytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(8_000, 28);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(bytes, 40);
  return header;
}

function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]).copy(bytes);
  bytes.write("IHDR", 12, "latin1");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  const text = Buffer.from("\0\0\0\x0ctEXtTitle\0A bikeCRC_", "latin1");
  return Buffer.concat([bytes, text]);
}

async function call(name: string, input: JsonObject): Promise<JsonObject> {
  const builtin = MEDIA_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, makeBuiltinContext({ sandboxDir }));
}

describe("transcribe", () => {
  test("takes the transcript beside a file, without its time marks", async () => {
    expect(await call("transcribe", { audio: "call.wav" })).toMatchObject({
      transcript: "Hello there.",
      status: "ok",
    });
  });

  test("says what was not transcribed, by header, file or data URL", async () => {
    expect(await call("transcribe", { audio: "talk.wav" })).toMatchObject({
      transcript: "[Not transcribed: WAV audio, 1 s, 1 channel(s), 8000 Hz.]",
      status: "partial",
    });
    expect(
      await call("transcribe", { audio: `data:audio/wav;base64,${wav(4_000).toString("base64")}` }),
    ).toMatchObject({ transcript: expect.stringContaining("0.5 s") });
    await expect(call("transcribe", { audio: "gone.mp3" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

test("diarize reads names of a transcript and does not invent speakers of sound", async () => {
  expect(await call("diarize", { audio: "Ada: Hello.\nBob: Hi.\nAda: Bye." })).toMatchObject({
    speaker_count: 2,
    segments: [{ speaker: "Ada", text: "Hello." }, {}, {}],
  });
  expect(await call("diarize", { audio: "talk.wav" })).toMatchObject({
    speaker_count: 1,
    segments: [{ speaker: "unknown", end: 1 }],
    status: "partial",
  });
});

test("synthesize_speech says that nothing was synthesised", async () => {
  expect(await call("synthesize_speech", { text: "one two three" })).toMatchObject({
    audio: { data: "" },
    metadata: { is_synthesized: false, estimated_seconds: 1.2 },
    status: "partial",
  });
});

test("images are described by name, header and stored text only", async () => {
  expect(await call("caption_image", { image: "red-bicycle.png" })).toMatchObject({
    caption: "red bicycle (PNG image, 4 × 3 pixels)",
    status: "partial",
  });
  expect(
    await call("classify_image", { image: "red-bicycle.png", labels: ["bicycle", "house"] }),
  ).toMatchObject({ label: "bicycle", status: "partial" });
  expect(await call("classify_image", { image: png(4, 3).toString("base64") })).toMatchObject({
    label: "landscape",
  });
  expect(await call("extract_image_text", { image: "red-bicycle.png" })).toMatchObject({
    text: "A bike",
    status: "partial",
  });
});

test("a drawn image says that it is a placeholder, and escapes its prompt", async () => {
  const { image, format } = await call("draw_placeholder", { prompt: "<b>cat", size: "64x32" });
  const svg = Buffer.from(asText(image).split(",")[1] ?? "", "base64").toString("utf8");
  expect([format, svg.includes("Placeholder: &lt;b&gt;cat"), svg.includes('width="64"')]).toEqual([
    "svg",
    true,
    true,
  ]);
  await expect(call("draw_placeholder", { prompt: "x", size: "huge" })).rejects.toMatchObject({
    code: "invalid_request",
  });
});

test("no frame is taken from a video, and the answer says so", async () => {
  expect(await call("extract_frames", { video: "a clip of a cat" })).toMatchObject({
    frames: [],
    status: "partial",
  });
});
