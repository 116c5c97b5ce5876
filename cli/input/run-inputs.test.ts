import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FieldsSchema } from "../../core/field.ts";
import { capturedTerminal } from "../testing/captured-terminal.ts";
import { readRunInputs } from "./run-inputs.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orca-inputs-"));
  writeFileSync(join(folder, "order.json"), '\ufeff{"text": "from a file", "count": 1}');
  writeFileSync(join(folder, "letter.txt"), "Dear Ada,\n42");
  writeFileSync(join(folder, "latin.txt"), Buffer.from([0xe4]));
});
afterAll(() => rmSync(folder, { recursive: true }));

const FIELDS = FieldsSchema.parse({
  text: { type: "string" },
  count: { type: "integer" },
  tags: { schema: { type: "array" } },
});
const read = (given: { input?: string; set?: string[]; stdin?: string }) =>
  readRunInputs(
    { set: [], ...given },
    capturedTerminal(given.stdin === undefined ? {} : { stdin: given.stdin }),
    () => Promise.resolve(FIELDS),
  );

describe("the inputs of a run", () => {
  test("come from a literal, a file or standard input", async () => {
    expect(await read({ input: '{"text": "a"}' })).toEqual({ text: "a" });
    expect(await read({ input: `@${join(folder, "order.json")}` })).toEqual({
      text: "from a file",
      count: 1,
    });
    expect(await read({ input: "@-", stdin: '{"count": 2}' })).toEqual({ count: 2 });
    expect(await read({})).toEqual({});
  });

  test("that are set one by one have the type that the skill declares, and win", async () => {
    expect(
      await read({
        input: '{"text": "a", "other": 1}',
        set: ["text=42", "count=42", 'tags=["x"]', "extra=true", "word=hello"],
      }),
    ).toEqual({ text: "42", other: 1, count: 42, tags: ["x"], extra: true, word: "hello" });
  });

  test("may be the content of a file, and an @ of their own is written twice", async () => {
    expect(await read({ set: [`text=@${join(folder, "letter.txt")}`] })).toEqual({
      text: "Dear Ada,\n42",
    });
    expect(await read({ set: ["text=@@ada"] })).toEqual({ text: "@ada" });
    expect(await read({ set: ["text="] })).toEqual({ text: "" });
  });

  test("ask for the skill's contract only where it decides something", async () => {
    const refuse = () => Promise.reject(new Error("asked"));
    const terminal = capturedTerminal();
    expect(await readRunInputs({ input: "{}", set: [] }, terminal, refuse)).toEqual({});
    await expect(readRunInputs({ set: ["a=1"] }, terminal, refuse)).rejects.toThrow("asked");
  });

  test.each([
    [{ input: '{"a": }' }, "--input:1:7 is not JSON."],
    [{ input: "[]" }, "--input holds a list"],
    [{ input: "@" }, "@ is followed by no file name."],
    [{ input: "@-", stdin: "" }, "standard input is empty"],
    [{ set: ["count=many"] }, "the skill takes a value of type integer"],
    [{ set: ["count"] }, "--set count is not name=value."],
    [{ set: ["a=1", "a=2"] }, "--set sets a twice."],
  ])("%j are a mistake: %s", async (given, message) => {
    await expect(read(given)).rejects.toMatchObject({
      message: expect.stringContaining(message),
      exitCode: 2,
    });
  });

  test("that name a file that cannot be read say which and why", async () => {
    await expect(read({ input: `@${folder}/none.json` })).rejects.toThrow(
      "none.json cannot be read: there is no such file.",
    );
    await expect(read({ input: `@${folder}` })).rejects.toThrow("it is a directory");
    await expect(read({ set: [`text=@${folder}/latin.txt`] })).rejects.toThrow("not UTF-8");
  });

  test("that forget the @ before a file are told of it", async () => {
    const path = join(folder, "order.json");
    await expect(read({ input: path })).rejects.toMatchObject({
      hint: `Write --input @${path} to read the file.`,
    });
  });
});
