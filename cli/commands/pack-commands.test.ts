import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunEvent } from "../../core/run-events.ts";
import { samplePack, sampleSources } from "../../server/packs/testing/sample-pack.ts";
import { runCli } from "../run-cli.ts";
import { capturedTerminal } from "../testing/captured-terminal.ts";
import { stubServer } from "../testing/stub-server.ts";

let folder: string;
let path: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "orca-packs-"));
  path = write("sample.orcapack.gz", await samplePack());
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, bytes: Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

async function orca(...args: string[]) {
  const terminal = capturedTerminal();
  const code = await runCli(args, terminal);
  return { code, out: terminal.outText(), err: terminal.errText() };
}

describe("orca replay", () => {
  test("of an untouched pack says identical n/n", async () => {
    const { events } = sampleSources();
    expect(await orca("replay", path, "--offline")).toEqual({
      code: 0,
      out: `identical ${events.length}/${events.length}\n`,
      err: "",
    });
  });

  test("asks no server, whichever is set", async () => {
    const asked: (string | undefined)[] = [];
    await using server = await stubServer((request, response) => {
      asked.push(request.url);
      response.end();
    });
    expect((await orca("replay", path, "--offline", "--url", server.url)).code).toBe(0);
    expect((await orca("pack", "verify", path, "--url", server.url)).code).toBe(0);
    expect(asked).toEqual([]);
  });

  test("without --offline says what there is instead", async () => {
    const { code, err } = await orca("replay", path);
    expect(code).toBe(2);
    expect(err).toContain("A file is replayed offline only");
    expect(err).toContain(`orca pack import ${path}`);
  });

  test("shows the first event at which the engine decides something else", async () => {
    const { events } = sampleSources();
    const forge = (event: RunEvent): RunEvent =>
      event.type === "step.completed" && event.payload.step_id === "price"
        ? { ...event, payload: { ...event.payload, output: { price: 8 } } }
        : event;
    const changed = await samplePack({ forge });
    const start = events.findIndex(
      ({ type, payload }) => type === "step.started" && payload.step_id === "order",
    );
    const { code, out } = await orca("replay", write("changed.gz", changed), "--offline", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      events: events.length,
      identical: events.length - 1,
      difference: {
        sequence: start + 1,
        step: "order",
        expected: { payload: { input: { price: 8 } } },
        found: { payload: { input: { price: 7 } } },
      },
    });
  });

  test.each([
    ["no pack", Buffer.from("hello"), 2, "is not a replay pack"],
    ["a pack that was cut off", "cut", 1, "was changed in its part"],
    ["a pack with an edited byte", "edit", 1, "was changed in its part"],
  ])("refuses %s", async (_, content, code, message) => {
    const file = await samplePack();
    const edited = Buffer.from(file);
    edited.writeUInt8(edited.readUInt8(file.length - 100) ^ 4, file.length - 100);
    const bytes =
      content === "cut"
        ? file.subarray(0, file.length - 100)
        : content === "edit"
          ? edited
          : content;
    const answer = await orca("replay", write("bad.gz", Buffer.from(bytes)), "--offline");
    expect(answer).toMatchObject({ code, out: "" });
    expect(answer.err).toContain(message);
  });
});

describe("orca pack verify", () => {
  test("says what the pack holds", async () => {
    const { code, out } = await orca("pack", "verify", path);
    expect(code).toBe(0);
    expect(out).toContain("sample.order 1.0.0");
    expect(out).toContain("9, all as exported");
    expect(out).toContain("4 computed again");
  });

  test("lists what was redacted, and which checkpoints it leaves to the exporter", async () => {
    const bytes = await samplePack({ inputs: { api_key: "sk-live-4f9a8b7c6d" } });
    const file = write("secret.gz", bytes);
    const { code, out } = await orca("pack", "verify", file);
    expect(code).toBe(0);
    expect(out).toContain("rest on the exporter's word");
    expect(out).toMatch(/events +\/run.created\/inputs\/api_key +secret name +1/);
    expect(gunzipSync(bytes).toString()).not.toContain("sk-live");
    expect((await orca("replay", file, "--offline")).out).toMatch(/^identical (\d+)\/\1\n$/);
  });

  test("of a file that is not there, or far too large, says so", async () => {
    expect(await orca("pack", "verify", join(folder, "none"))).toMatchObject({ code: 2 });
    const { err } = await orca("pack", "verify", folder);
    expect(err).toContain("it is a directory");
  });
});
