import { expect, test } from "vitest";
import { DomainError } from "../../core/errors.ts";
import { insist } from "./insist.ts";

const never = () => false;

/** Work that throws what is given, one after the other, and then answers. */
function failing(...errors: Error[]): () => Promise<string> {
  return () => {
    const error = errors.shift();
    return error === undefined ? Promise.resolve("done") : Promise.reject(error);
  };
}

test("what passes is waited for, and so is a service that is unavailable", async () => {
  const away = new Error("The database is away.");
  const unavailable = new DomainError("unavailable", "Not now.");
  expect(await insist(failing(away, unavailable, away), never)).toBe("done");
});

test("an answer, and what nobody expects to pass, is thrown at once", async () => {
  const answer = new DomainError("invalid_request", "No.");
  await expect(insist(failing(answer), never)).rejects.toBe(answer);
  const mistake = new TypeError("x is not a function");
  await expect(insist(failing(mistake), never, () => false)).rejects.toBe(mistake);
});

test("gives up with the last error once it is over", async () => {
  const errors = [new Error("first"), new Error("second")];
  let looks = 0;
  await expect(insist(failing(...errors), () => ++looks === 2)).rejects.toThrow("second");
});
