import { expect, test } from "vitest";
import { hashPassword, isPasswordRight } from "./password-hash.ts";

test("the password that was hashed is right, another one is not", async () => {
  const stored = await hashPassword("correct horse battery");
  expect(await isPasswordRight("correct horse battery", stored)).toBe(true);
  expect(await isPasswordRight("correct horse batterz", stored)).toBe(false);
});

test("two hashes of one password differ and do not contain it", async () => {
  const [one, other] = await Promise.all([
    hashPassword("same password"),
    hashPassword("same password"),
  ]);
  expect(one).not.toBe(other);
  expect(one).not.toContain("same password");
});

test("nobody's password is never right, not even the empty one", async () => {
  expect(await isPasswordRight("", null)).toBe(false);
  expect(await isPasswordRight("anything", "not a hash")).toBe(false);
});

test("a password reads the same in both Unicode spellings of its letters", async () => {
  expect(await isPasswordRight("cafe\u0301 au lait", await hashPassword("caf\u00e9 au lait"))).toBe(
    true,
  );
});
