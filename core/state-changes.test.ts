import { expect, test } from "vitest";
import { listStateChanges } from "./state-changes.ts";

test("each change has its place, its sizes in bytes of UTF-8 JSON, and its values where they are small", () => {
  const long = "ü".repeat(200);
  expect(
    listStateChanges(
      { status: "running", vars: { list: [1], old: null }, steps: { "each#0": { attempt: 1 } } },
      { status: "completed", vars: { list: [1, long] }, steps: { "each#0": { attempt: 2 } } },
    ),
  ).toEqual({
    added: 1,
    changed: 2,
    removed: 1,
    bytes_before: 84,
    bytes_after: 478,
    items: [
      {
        path: "status",
        kind: "changed",
        bytes_before: 9,
        bytes_after: 11,
        before: "running",
        after: "completed",
      },
      { path: "vars.list[1]", kind: "added", bytes_before: null, bytes_after: 402 },
      { path: "vars.old", kind: "removed", bytes_before: 4, bytes_after: null, before: null },
      {
        path: 'steps."each#0".attempt',
        kind: "changed",
        bytes_before: 1,
        bytes_after: 1,
        before: 1,
        after: 2,
      },
    ],
  });
});

test("of very many changes all are counted and the first thousand listed", () => {
  const changes = listStateChanges(
    {},
    Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`k${index}`, index])),
  );
  expect(changes.added).toBe(1_500);
  expect(changes.items).toHaveLength(1_000);
});
