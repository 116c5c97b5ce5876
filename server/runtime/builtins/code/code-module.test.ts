import { expect, test } from "vitest";
import type { JsonObject } from "../../../../core/json.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { CODE_MODULE } from "./code-module.ts";

async function call(name: string, input: JsonObject): Promise<JsonObject> {
  const builtin = CODE_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, makeBuiltinContext());
}

test("a diff leads from the first version to the second and is empty between equals", async () => {
  expect(await call("extract_diff", { code_a: "a\n", code_b: "b\n" })).toMatchObject({
    added: 1,
    removed: 1,
    diff: expect.stringMatching(/-a\n\+b/),
  });
  expect(await call("extract_diff", { code_a: "a", code_b: "a" })).toMatchObject({
    diff: "",
    added: 0,
  });
});

test("a summary tells files, kinds and what a reviewer would ask", async () => {
  const diff =
    "--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1 +1 @@\n-1\n+2\n--- /dev/null\n+++ b/migrations/1.sql\n@@ -0,0 +1 @@\n+x\n";
  expect(await call("summarize_diff", { diff })).toMatchObject({
    files: [
      { path: "src/a.ts", kind: "source", change: "changed" },
      { path: "migrations/1.sql", kind: "migration", change: "added" },
    ],
    notes: ["Source changes without a test.", "Changes the database: needs a way back."],
  });
  expect(await call("summarize_diff", { diff: "" })).toMatchObject({ summary: "No changes." });
});

test("source is counted by patterns", async () => {
  const code =
    "def f(a):\n    # note\n    if a and a > 1:\n        return 1\n\n    return 2  # TODO\n";
  expect(await call("analyze", { code, language: "python" })).toMatchObject({
    metrics: { functions: 1, comment_lines: 1, complexity: 2 },
    warnings: ["Line 6 has an open TODO."],
  });
});

test("JSON is laid out; other languages are only tidied", async () => {
  expect(await call("format", { code: '{"a":1}', language: "json" })).toMatchObject({
    formatted_code: '{\n  "a": 1\n}\n',
    status: "ok",
  });
  expect(await call("format", { code: "a  \n\n\n\nb", language: "go" })).toMatchObject({
    formatted_code: "a\n\nb\n",
    status: "partial",
  });
});

test.each([
  ["print(2 + 3)", "5\n"],
  ["print(2 * (3 - 1) ** 2)", "8\n"],
  ["1 + 1", ""],
])("%s is evaluated as arithmetic", async (code, stdout) => {
  expect((await call("evaluate", { code, language: "python" })).stdout).toBe(stdout);
});

test.each(["import os", "print(open('x'))", "process.exit()", "1 +", "1 / 0", "(".repeat(5_000)])(
  "%s is refused: no code is run",
  async (code) => {
    await expect(call("evaluate", { code, language: "python" })).rejects.toMatchObject({
      code: "invalid_request",
    });
  },
);
