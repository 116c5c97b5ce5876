import { expect, test } from "vitest";
import { commandHint } from "./command-hint.ts";

test("a route that a hint names is told as the command that asks it", () => {
  expect(commandHint("Import it, or choose one of `GET /api/v1/skills`.")).toBe(
    "Import it, or choose one of `orca skills list`.",
  );
  expect(commandHint("List runs with GET /api/v1/runs.")).toBe("List runs with `orca runs list`.");
});

test("other hints stay as they are", () => {
  expect(commandHint("Send less at once.")).toBe("Send less at once.");
  expect(commandHint(undefined)).toBeUndefined();
});
