import { expect, test } from "vitest";
import { commandHint } from "./command-hint.ts";

test("a route that a hint names is told as the command that asks it", () => {
  expect(commandHint("Import it, or choose one of `GET /api/v1/skills`.")).toBe(
    "Import it, or choose one of `orca skills list`.",
  );
  expect(commandHint("List runs with GET /api/v1/runs.")).toBe("List runs with `orca runs list`.");
  expect(commandHint("List its checkpoints with GET /api/v1/runs/run_0/checkpoints.")).toBe(
    "List its checkpoints with `orca checkpoints run_0`.",
  );
});

test("other hints stay as they are", () => {
  expect(commandHint("Send less at once.")).toBe("Send less at once.");
  expect(commandHint(undefined)).toBeUndefined();
});
