import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { DomainError } from "../../core/errors.ts";
import { assemblePack } from "./assemble-pack.ts";
import { checkPack } from "./check-pack.ts";
import { packHash, storedMember } from "./pack-envelope.ts";
import { MAX_CONTENT_BYTES, MAX_PACK_BYTES, PACK_PARTS } from "./pack-format.ts";
import { readPack } from "./read-pack.ts";
import { redriveEvents } from "./redrive-events.ts";
import { samplePack, sampleSources } from "./testing/sample-pack.ts";

async function problemOf(file: Buffer): Promise<DomainError> {
  try {
    checkPack(await readPack(file));
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error("The pack was read without a problem.");
}

/** The file with a text of its content replaced, compressed again as it was, hashes as they were. */
function edit(file: Buffer, from: string | RegExp, to: string): Buffer {
  const [header = "", ...rest] = gunzipSync(file)
    .toString()
    .split(/(?<=\n)/);
  const content = rest.join("");
  expect(content.replace(from, to)).not.toBe(content);
  return Buffer.concat([storedMember(header), gzipSync(content.replace(from, to))]);
}

/** The same by somebody who knows where the hashes stand, but not what they prove about each other. */
function forge(file: Buffer, part: string, from: string, to: string): Buffer {
  const lines = gunzipSync(file)
    .toString()
    .split(/(?<=\n)/);
  const manifest = JSON.parse(lines[1] ?? "");
  let offset = 2;
  for (const each of manifest.parts) {
    if (each.name === part) {
      const body = lines
        .slice(offset, offset + each.lines)
        .join("")
        .replace(from, to);
      lines.splice(offset, each.lines, ...body.split(/(?<=\n)/));
      each.bytes = Buffer.byteLength(body);
      each.hash = packHash(body);
    }
    offset += each.lines;
  }
  lines[1] = `${JSON.stringify(manifest)}\n`;
  const content = lines.slice(1).join("");
  const body = gzipSync(content);
  const header = {
    ...JSON.parse(lines[0] ?? ""),
    content_hash: packHash(content),
    body_hash: packHash(body),
  };
  return Buffer.concat([storedMember(`${JSON.stringify(header)}\n`), body]);
}

describe("a replay pack", () => {
  test("is read back as it was written, is gzip of JSON lines, and re-drives to itself", async () => {
    const sources = sampleSources();
    const file = await assemblePack(sources);
    for (const line of gunzipSync(file).toString().trim().split("\n")) JSON.parse(line);
    const pack = await readPack(file);
    const { plan, events, chain } = checkPack(pack);
    expect(events).toEqual(JSON.parse(JSON.stringify(sources.events)));
    expect(chain).toMatchObject({ recomputed: 4, attested: 0 });
    expect(pack.manifest.redrive).toEqual({
      events: events.length,
      identical: events.length,
      incomparable: [],
    });
    expect((await redriveEvents(plan, pack.run, events)).differences).toEqual([]);
  });

  test("with any byte edited is refused", async () => {
    const file = await samplePack();
    for (let place = 0; place < file.length; place += 1) {
      const edited = Buffer.from(file);
      edited.writeUInt8(edited.readUInt8(place) ^ (1 << (place % 8)), place);
      expect((await problemOf(edited)).code, `byte ${place}`).toBe("invalid_request");
    }
  }, 60_000);

  test.each([
    ["run", '"environment":"dev"', '"environment":"eve"'],
    ["skill", "Asks for a price", "Asks for a prize"],
    ["events", '"price":7', '"price":8'],
    ["chain", '"events_hash":"sha256:', '"events_hash":"sha256;'],
    ["manifest", '"exported_by":"orca', '"exported_by":"arco'],
  ])("names the part %s where it was edited", async (part, from, to) => {
    const problem = await problemOf(edit(await samplePack(), from, to));
    expect(problem.details).toEqual({ part });
    expect(problem.message).toContain(`"${part}"`);
  });

  test("names the header and the envelope where they were edited", async () => {
    const file = await samplePack();
    const inHeader = Buffer.from(file);
    inHeader.write("f", file.indexOf('"content_hash":"sha256:') + 24);
    const repacked = gzipSync(gunzipSync(file));
    expect((await problemOf(inHeader)).details).toEqual({ part: "header" });
    expect((await problemOf(repacked)).details).toEqual({ part: "envelope" });
    expect((await problemOf(Buffer.concat([file, Buffer.from("x")]))).details).toEqual({
      part: "envelope",
    });
  });

  test("names the part in which it was cut off", async () => {
    const file = await samplePack();
    const parts = new Set<unknown>();
    for (let length = 40; length < file.length; length += 7)
      parts.add((await problemOf(file.subarray(0, length))).details?.["part"]);
    expect(parts.has("events")).toBe(true);
    for (const part of parts)
      expect(["header", "manifest", "envelope", ...PACK_PARTS]).toContain(part);
  });

  test("whose hashes were made to fit an edited event does not fit its checkpoints", async () => {
    const problem = await problemOf(forge(await samplePack(), "events", '"price":7', '"price":8'));
    expect(problem.details).toEqual({ part: "chain" });
  });

  test("whose skill is not the one that ran is refused by the skill's hash", async () => {
    const forged = forge(await samplePack(), "skill", "Asks for a price", "Asks for a prize");
    expect((await problemOf(forged)).details).toEqual({ part: "skill" });
  });

  test("whose hashes were all made to fit an edited event is refused by the run's own checkpoint", async () => {
    const sources = sampleSources();
    const events = sources.events.map((event) =>
      event.type === "step.completed" && event.payload.step_id === "price"
        ? { ...event, payload: { ...event.payload, output: { price: 8 } } }
        : event,
    );
    const problem = await problemOf(await assemblePack({ ...sources, events }));
    expect(problem.details).toEqual({ part: "events" });
    expect(problem.message).toMatch(/the checkpoint at event \d+ does not fit/);
  });

  test("whose skill has another name than the one that ran is refused", async () => {
    const sources = sampleSources();
    const run = { ...sources.run, skill_version: "1.0.1" };
    const skill = { ...sources.skill, version: "1.0.1" };
    const problem = await problemOf(await assemblePack({ ...sources, run, skill }));
    expect(problem.details).toEqual({ part: "skill" });
  });

  test("of another format version is refused by name", async () => {
    const [header = "", ...rest] = gunzipSync(await samplePack())
      .toString()
      .split(/(?<=\n)/);
    const next = header.replace('"version":"1.0"', '"version":"2.0"');
    const file = Buffer.concat([storedMember(next), gzipSync(rest.join(""))]);
    const problem = await problemOf(file);
    expect(problem.message).toBe("The replay pack has format version 2.0; this program reads 1.0.");
  });

  test.each([
    ["a text", Buffer.from("hello")],
    ["nothing", Buffer.alloc(0)],
    ["some other archive", gzipSync("hello\nworld\n")],
    ["JSON of something else", gzipSync('{"format":"other"}\n')],
    ["half a magic number", Buffer.from([0x1f])],
  ])("is not %s", async (_, file) => {
    const problem = await problemOf(file);
    expect(problem.code).toBe("invalid_request");
    expect(problem.message).toContain("not a replay pack");
  });

  test("that is too large, or unpacks to too much, is refused before it fills the memory", async () => {
    const bomb = gzipSync(Buffer.alloc(MAX_CONTENT_BYTES + 1));
    expect(bomb.length).toBeLessThan(MAX_PACK_BYTES);
    const before = process.memoryUsage().arrayBuffers;
    expect((await problemOf(bomb)).code).toBe("payload_too_large");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * MAX_CONTENT_BYTES);
    expect((await problemOf(Buffer.alloc(MAX_PACK_BYTES + 1))).code).toBe("payload_too_large");
  });
});

describe("a pack of a run with secrets", () => {
  const SECRETS = ["sk-live-4f9a8b7c6d", "hunter2-hunter2"];

  async function packWithSecrets() {
    const sources = sampleSources({
      inputs: { item: `boat of ${SECRETS[1]}`, api_key: SECRETS[0] ?? "" },
    });
    expect(JSON.stringify(sources.events)).toContain(SECRETS[0]);
    return assemblePack({ ...sources, secretsFor: () => [SECRETS[1] ?? ""] });
  }

  test("holds none of them, says what was redacted, and still verifies and re-drives", async () => {
    const file = await packWithSecrets();
    const text = gunzipSync(file).toString();
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    const pack = await readPack(file);
    expect(pack.redactions).toContainEqual({
      part: "events",
      path: "/run.created/inputs/api_key",
      reason: "secret_name",
      count: 1,
    });
    expect(pack.redactions).toContainEqual({
      part: "events",
      path: "/step.started/input/key",
      reason: "secret_name",
      count: 1,
    });
    expect(pack.redactions.map(({ reason }) => reason)).toContain("known_secret");
    const { plan, events, chain } = checkPack(pack);
    expect(chain.attested).toBeGreaterThan(0);
    expect((await redriveEvents(plan, pack.run, events)).differences).toEqual([]);
  });

  test("is refused where a redacted event or a recorded hash was edited and the hashes made to fit", async () => {
    const file = await packWithSecrets();
    const hash = /"recorded_hashes":\{"1":"(sha256:[0-9a-f]{64})"/.exec(
      gunzipSync(file).toString(),
    );
    const forged = forge(file, "chain", hash?.[1] ?? "", packHash("other"));
    expect((await problemOf(forged)).details).toEqual({ part: "chain" });
  });

  test("names the events that rest on what was redacted, where they can no longer be compared", async () => {
    const sources = sampleSources({
      inputs: { api_key: "sk-live-4f9a8b7c6d" },
      skill: {
        steps: [
          {
            id: "order",
            uses: "fake.order.place",
            config: { condition: '"sk-live" in inputs.api_key' },
          },
        ],
        outputs: {},
      },
    });
    const pack = await readPack(await assemblePack(sources));
    expect(pack.manifest.redrive.identical).toBe(sources.events.length);
    const { plan, events } = checkPack(pack);
    const { differences } = await redriveEvents(plan, pack.run, events);
    expect(differences.map(({ sequence }) => sequence)).toEqual(pack.manifest.redrive.incomparable);
    expect(differences.length).toBeGreaterThan(0);
  });
});
