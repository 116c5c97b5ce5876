import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareVersions, findLatestVersion } from "./registry-version.ts";

test("versions are ordered as semver.org 2.0.0 §11 orders them", () => {
  const ordered = [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.0.0-x-y-z",
    "2.0.0",
  ];
  expect(ordered.toReversed().sort(compareVersions)).toEqual(ordered);
});

test("build metadata does not count", () => {
  expect(compareVersions("1.0.0+a", "1.0.0+b")).toBe(0);
});

test("the latest of none is null", () => {
  expect(findLatestVersion([])).toBeNull();
});

const version = fc
  .tuple(
    fc.nat(20),
    fc.nat(20),
    fc.nat(20),
    fc.option(fc.stringMatching(/^[0-9a-z]{1,4}(\.[0-9a-z]{1,4})?$/)),
  )
  .map(
    ([major, minor, patch, pre]) => `${major}.${minor}.${patch}${pre === null ? "" : `-${pre}`}`,
  );

test("the order is antisymmetric and transitive", () => {
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
        expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});
