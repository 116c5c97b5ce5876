import { execFileSync } from "node:child_process";
import { hostname } from "node:os";
import { expect, test } from "vitest";
import { hostIdentity } from "./host-identity.ts";

const FACTS = { hostname: "worker", bootId: "b-1", pidNamespace: "pid:[4026531836]" };

test("containers of one host name are told apart by their numbering of processes", () => {
  const one = hostIdentity(FACTS);
  expect(hostIdentity({ ...FACTS })).toBe(one);
  expect(hostIdentity({ ...FACTS, pidNamespace: "pid:[4026532001]" })).not.toBe(one);
});

test("a machine that was booted anew, or another machine of that name, is another host", () => {
  expect(hostIdentity({ ...FACTS, bootId: "b-2" })).not.toBe(hostIdentity(FACTS));
});

test("begins with the host name, and is it where the system says no more", () => {
  expect(hostIdentity(FACTS)).toMatch(/^worker#[0-9a-f]{12}$/);
  expect(hostIdentity({ ...FACTS, bootId: null })).toMatch(/^worker#/);
  expect(hostIdentity({ hostname: "worker", bootId: null, pidNamespace: null })).toBe("worker");
});

test("is one for all processes beside each other", () => {
  const module = new URL("host-identity.ts", import.meta.url).href;
  const script = `import("${module}").then(({ hostIdentity }) => console.log(hostIdentity()))`;
  const other = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim();
  expect(other).toBe(hostIdentity());
  expect(other.startsWith(hostname())).toBe(true);
});
