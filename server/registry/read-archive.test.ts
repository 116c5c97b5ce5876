import { gzipSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import { Header } from "tar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DomainError } from "../../core/errors.ts";
import { readArchive } from "./read-archive.ts";

type Entry = { path: string; bytes: Uint8Array; type?: "File" | "SymbolicLink" | "Directory" };

function tarOf(entries: Entry[]): Uint8Array {
  const blocks = entries.flatMap(({ path, bytes, type = "File" }) => {
    const header = new Header({
      path,
      size: bytes.length,
      type,
      mode: 0o644,
      ...(type === "SymbolicLink" ? { linkpath: "/etc/passwd" } : {}),
    });
    const block = Buffer.alloc(512);
    header.encode(block, 0);
    return [block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const FILES: Entry[] = [
  { path: "registry/services/b.yaml", bytes: strToU8("id: b\n") },
  { path: "registry/services/a.yml", bytes: strToU8("id: ä\n") },
  { path: "registry/README.md", bytes: strToU8("read me") },
  { path: "registry/services/._a.yaml", bytes: strToU8("fork") },
];
const zipOf = (entries: Entry[]) =>
  zipSync(Object.fromEntries(entries.map(({ path, bytes }) => [path, bytes])), { level: 1 });
const FORMATS: [string, (entries: Entry[]) => Uint8Array][] = [
  ["zip", zipOf],
  ["tar", tarOf],
  ["tar.gz", (entries) => gzipSync(tarOf(entries))],
];

/** Packing that much takes a loaded machine a while. */
const UNHURRIED_MS = 60_000;

async function refusal(archive: Uint8Array): Promise<string> {
  const error = await readArchive(archive).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return error instanceof DomainError ? error.code : String(error);
}

test.each(FORMATS)(
  "the YAML files of a %s come in the order of their paths",
  async (_format, pack) => {
    expect(await readArchive(pack(FILES))).toEqual([
      { path: "registry/services/a.yml", content: "id: ä\n" },
      { path: "registry/services/b.yaml", content: "id: b\n" },
    ]);
  },
);

test.each(FORMATS)("a %s that names a path outside itself is refused", async (_format, pack) => {
  const bytes = strToU8("id: a\n");
  expect(await refusal(pack([{ path: "../a.yaml", bytes }]))).toBe("invalid_request");
  expect(await refusal(pack([{ path: "a/../../a.yaml", bytes }]))).toBe("invalid_request");
});

test.each(FORMATS)(
  "a %s of more than 10,000 files is refused",
  async (_format, pack) => {
    const bytes = strToU8("a");
    const entries = Array.from({ length: 10_001 }, (_, index) => ({ path: `${index}.txt`, bytes }));
    expect(await refusal(pack(entries))).toBe("payload_too_large");
  },
  UNHURRIED_MS,
);

test.each(FORMATS)(
  "a %s that unpacks to more than 64 MiB is refused",
  async (_format, pack) => {
    const bytes = new Uint8Array(33 * 1024 * 1024);
    const entries = [
      { path: "a.yaml", bytes },
      { path: "b.yaml", bytes },
    ];
    expect(await refusal(pack(entries))).toBe("payload_too_large");
  },
  UNHURRIED_MS,
);

test("links in a tar are not followed", async () => {
  const bytes = new Uint8Array();
  expect(await readArchive(tarOf([{ path: "a.yaml", bytes, type: "SymbolicLink" }]))).toEqual([]);
});

test("what is no archive is refused", async () => {
  expect(await refusal(strToU8("id: a\n"))).toBe("invalid_request");
  expect(await refusal(new Uint8Array())).toBe("invalid_request");
});

test.each(FORMATS)(
  "a %s that is cut off or damaged is refused or read, and nothing else happens",
  async (_format, pack) => {
    const archive = pack(FILES);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(archive.length - 1),
        fc.nat(255),
        fc.boolean(),
        async (at, byte, isCut) => {
          const damaged = isCut
            ? archive.slice(0, at)
            : archive.map((value, index) => (index === at ? byte : value));
          expect(["null", "invalid_request", "payload_too_large"]).toContain(
            await readArchive(damaged).then(
              () => "null",
              (thrown: unknown) => (thrown instanceof DomainError ? thrown.code : String(thrown)),
            ),
          );
        },
      ),
      { numRuns: 200 },
    );
  },
);
