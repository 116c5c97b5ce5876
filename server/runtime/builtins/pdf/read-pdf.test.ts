import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { makePdf } from "../testing/make-pdf.ts";
import { readPdf } from "./read-pdf.ts";

let sandboxDir: string;
beforeAll(async () => {
  sandboxDir = await mkdtemp(path.join(tmpdir(), "orca-pdf-"));
  await writeFile(path.join(sandboxDir, "a.pdf"), makePdf("Revenue (net) grew by 10 %."));
  await writeFile(path.join(sandboxDir, "empty.pdf"), makePdf(""));
  await writeFile(path.join(sandboxDir, "fake.pdf"), "not a pdf");
  await writeFile(path.join(sandboxDir, "cut.pdf"), makePdf("x").subarray(0, 40));
});
afterAll(() => rm(sandboxDir, { recursive: true, force: true }));
const read = (name: string) => readPdf({ path: name }, makeBuiltinContext({ sandboxDir }));

test("the text of a PDF comes out with its page count", async () => {
  expect(await read("a.pdf")).toMatchObject({
    text: "Revenue (net) grew by 10 %.",
    pages: ["Revenue (net) grew by 10 %."],
    metadata: { page_count: 1, path: "a.pdf" },
    status: "ok",
  });
});

test("pages without text make it partial", async () => {
  expect(await read("empty.pdf")).toMatchObject({ text: "", status: "partial" });
});

test.each(["fake.pdf", "cut.pdf"])("%s is refused", async (name) => {
  await expect(read(name)).rejects.toMatchObject({ code: "invalid_request" });
});

test("a missing file is not found", async () => {
  await expect(read("gone.pdf")).rejects.toMatchObject({ code: "not_found" });
});
