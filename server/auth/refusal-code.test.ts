import { expect, test } from "vitest";
import { DomainError } from "../../core/errors.ts";
import { refusalCode } from "./refusal-code.ts";

test("a refusal keeps its code, also where another copy of the class threw it", () => {
  expect(refusalCode(new DomainError("rate_limited", "Too many attempts."))).toBe("rate_limited");
  const ofOtherCopy = class DomainErrorOfBundle extends Error {
    override readonly name = "DomainError";
    readonly code = "rate_limited";
  };
  expect(refusalCode(new ofOtherCopy("Too many attempts."))).toBe("rate_limited");
});

test("every other error reads as a server that cannot check passwords now", () => {
  expect(refusalCode(new TypeError("fetch failed"))).toBe("unavailable");
  expect(refusalCode({ name: "PrismaError", code: "P1001" })).toBe("unavailable");
  expect(refusalCode(undefined)).toBe("unavailable");
});
