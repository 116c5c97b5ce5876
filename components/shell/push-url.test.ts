import { expect, test } from "vitest";
import { pushUrl } from "./push-url.ts";

test("a choice is a step for Back once, however often it is reported", () => {
  const before = history.length;
  pushUrl("/runs/run_1", new URLSearchParams({ step: "a" }));
  pushUrl("/runs/run_1", new URLSearchParams({ step: "a" }));
  expect(location.pathname + location.search).toBe("/runs/run_1?step=a");
  expect(history.length).toBe(before + 1);
});

test("what is typed takes the place of what was typed before", () => {
  pushUrl("/runs", new URLSearchParams({ q: "h" }));
  const before = history.length;
  pushUrl("/runs", new URLSearchParams({ q: "ha" }), "replace");
  expect(location.search).toBe("?q=ha");
  expect(history.length).toBe(before);
});
