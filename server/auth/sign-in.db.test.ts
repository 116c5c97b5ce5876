import { beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import { hashPassword } from "./password-hash.ts";
import { createSignIn } from "./sign-in.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const passwordHash = await hashPassword("correct horse battery");
  await database.prisma.user.create({
    data: { id: "usr_ada", email: "ada@example.com", name: "Ada", passwordHash },
  });
  await database.prisma.user.create({
    data: { id: "usr_sso", email: "sso@example.com", name: "Only SSO" },
  });
  return database.drop;
});

let second = 0;
const signInAt = () =>
  createSignIn({
    database: { ...database, close: database.drop },
    now: () => new Date(second * 1000),
  });
const ada = { email: "Ada@Example.com", password: "correct horse battery", address: "192.0.2.1" };

describe("signing in", () => {
  test("lets in who knows the password, however the address is written", async () => {
    expect(await signInAt().withPassword(ada)).toEqual({
      id: "usr_ada",
      email: "ada@example.com",
      name: "Ada",
    });
  });

  test.each([
    ["a wrong password", { ...ada, password: "wrong" }],
    ["nobody's address", { ...ada, email: "nobody@example.com" }],
    ["somebody without a password", { ...ada, email: "sso@example.com", password: "" }],
  ])("does not let in %s", async (_name, attempt) => {
    expect(await signInAt().withPassword(attempt)).toBeNull();
  });

  test("is refused after ten guesses at an account, from wherever they come, and opens again slowly", async () => {
    second = 0;
    const signIn = signInAt();
    for (let guess = 0; guess < 10; guess += 1) {
      await signIn.withPassword({ ...ada, password: "wrong", address: `192.0.2.${guess}` });
    }
    await expect(signIn.withPassword({ ...ada, address: "192.0.2.99" })).rejects.toMatchObject({
      code: "rate_limited",
    });
    second = 10;
    expect(await signIn.withPassword({ ...ada, address: "192.0.2.99" })).not.toBeNull();
  }, 30_000);

  test("is refused after ten guesses from one place, at whatever account", async () => {
    second = 0;
    const signIn = signInAt();
    for (let guess = 0; guess < 10; guess += 1)
      await signIn.withPassword({ ...ada, email: `user${guess}@example.com`, password: "x" });
    await expect(signIn.withPassword(ada)).rejects.toMatchObject({
      code: "rate_limited",
      details: { retry_after_seconds: 10 },
    });
  }, 30_000);

  test("goes on past ten right passwords from one place, which does not buy more wrong ones", async () => {
    second = 0;
    const signIn = signInAt();
    for (let arrival = 0; arrival < 11; arrival += 1)
      expect(await signIn.withPassword(ada)).not.toBeNull();
    for (let guess = 0; guess < 10; guess += 1)
      expect(await signIn.withPassword({ ...ada, password: "wrong" })).toBeNull();
    await expect(signIn.withPassword(ada)).rejects.toMatchObject({ code: "rate_limited" });
  }, 30_000);

  test("checks few passwords at once, so that guesses cannot exhaust the memory", async () => {
    const signIn = signInAt();
    const attempts = Array.from({ length: 8 }, (_, index) => ({
      email: `u${index}@example.com`,
      password: "x",
      address: `198.51.100.${index}`,
    }));
    const outcomes = await Promise.allSettled(
      attempts.map((attempt) => signIn.withPassword(attempt)),
    );
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(4);
  });

  test("through a provider lets in those who are known here only", async () => {
    expect(await signInAt().withVerifiedEmail("sso@example.com")).toMatchObject({ id: "usr_sso" });
    expect(await signInAt().withVerifiedEmail("stranger@example.com")).toBeNull();
    expect(await signInAt().withVerifiedEmail("")).toBeNull();
  });
});
