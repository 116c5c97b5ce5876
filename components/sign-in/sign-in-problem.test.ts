import { expect, test } from "vitest";
import { safeDestination, signInProblem } from "./sign-in-problem.ts";

test.each([
  ["/runs/run_1?step=a", "/runs/run_1?step=a"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
  [null, "/"],
])("after signing in, %s leads to %s", (next, destination) => {
  expect(safeDestination(next)).toBe(destination);
});

test("a wrong password does not say which of the two was wrong", () => {
  expect(signInProblem("CredentialsSignin").message).toBe(signInProblem("unauthorized").message);
});
