import { expect, test } from "vitest";
import { OPEN_MS } from "../../../core/breaker.ts";
import { type BreakerChange, createBreakers } from "./breakers.ts";

function setUp() {
  const clock = { now: 0 };
  const changes: BreakerChange[] = [];
  const breakers = createBreakers(
    () => clock.now,
    (change) => changes.push(change),
  );
  const call = (tenant: string, verdict: "succeeded" | "failed" | "ended_without_verdict") => {
    const { admitted } = breakers.admit(tenant, "svc");
    if (admitted) breakers.report(tenant, "svc", verdict);
    return admitted;
  };
  return { clock, changes, breakers, call };
}

test("five failures stop the calls of that tenant to that service, and of nobody else", () => {
  const { breakers, call } = setUp();
  for (let i = 0; i < 5; i += 1) expect(call("a", "failed")).toBe(true);
  expect(breakers.admit("a", "svc")).toEqual({ admitted: false, retryAt: OPEN_MS });
  expect(breakers.admit("b", "svc").admitted).toBe(true);
  expect(breakers.admit("a", "other").admitted).toBe(true);
});

test("after the rest one probe at a time goes out, and two good ones end the trouble", () => {
  const { clock, changes, breakers, call } = setUp();
  for (let i = 0; i < 5; i += 1) call("a", "failed");
  clock.now = OPEN_MS;
  expect(breakers.admit("a", "svc").admitted).toBe(true);
  expect(breakers.admit("a", "svc").admitted).toBe(false);
  breakers.report("a", "svc", "succeeded");
  expect(call("a", "succeeded")).toBe(true);
  expect(breakers.list()).toEqual([]);
  expect(changes.map(({ from, to }) => `${from} → ${to}`)).toEqual([
    "closed → open",
    "open → half_open",
    "half_open → closed",
  ]);
});

test("a healthy service leaves no trace", () => {
  const { breakers, call } = setUp();
  call("a", "succeeded");
  call("a", "ended_without_verdict");
  call("a", "failed");
  expect(breakers.list()).toHaveLength(1);
  call("a", "succeeded");
  expect(breakers.list()).toEqual([]);
});
