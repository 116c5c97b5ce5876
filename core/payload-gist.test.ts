import { expect, test } from "vitest";
import { payloadGist } from "./payload-gist.ts";

test("what tells a payload apart comes first, in one short line", () => {
  const payload = {
    note: "hello",
    urgent: true,
    amount: 120,
    customer: "Ada\nLovelace",
    lines: [1],
  };
  expect(payloadGist(payload)).toBe("amount 120 · customer Ada Lovelace · note hello");
  expect(payloadGist({ mail: { to: "ada@example.org", body: "x".repeat(200) } })).toBe(
    `to ada@example.org · body ${"x".repeat(59)}…`,
  );
  expect(payloadGist({})).toBe("");
  expect(payloadGist({ api_key: "sk-live-1", password: "p", to: "Ada" })).toBe("to Ada");
  expect(payloadGist({ list: [], none: null, deep: { deeper: { name: "x" } } })).toBe("");
  expect(payloadGist({ a: "x".repeat(60), b: "y".repeat(60), c: "z".repeat(60) })).toHaveLength(
    120,
  );
});
