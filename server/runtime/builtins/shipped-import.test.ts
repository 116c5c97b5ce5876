import path from "node:path";
import { expect, test } from "vitest";
import { readDirectory } from "../../registry/read-directory.ts";
import { planFiles } from "../../registry/testing/plan-files.ts";

const REGISTRY = path.resolve(import.meta.dirname, "../../../registry");
/** Compiling the schemas of every contract takes seconds on a busy machine. */
const TIMEOUT_MS = 60_000;

test(
  "the registry that ships imports without a single diagnostic",
  async () => {
    const { report } = planFiles(await readDirectory(REGISTRY));
    expect(report.diagnostics).toEqual([]);
    expect(report.imported.capabilities).toBeGreaterThanOrEqual(45);
    expect(report.imported.skills).toBeGreaterThanOrEqual(12);
  },
  TIMEOUT_MS,
);
