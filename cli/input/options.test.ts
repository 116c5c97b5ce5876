import { describe, expect, test } from "vitest";
import { toRecord } from "./assignments.ts";
import { parseMoment } from "./moment.ts";
import { parseSkillReference } from "./skill-reference.ts";
import { wholeNumber } from "./whole-number.ts";

const NOW = Date.parse("2030-01-31T12:00:00Z");

describe("options", () => {
  test("of the form name=value keep further equals signs", () => {
    expect(toRecord(["a=1=2", "b="], "--attr")).toEqual({ a: "1=2", b: "" });
    expect(() => toRecord(["=1"], "--attr")).toThrow("is not name=value");
  });

  test("that are times may also say how long ago", () => {
    expect(parseMoment("2h", "--since", NOW)).toBe("2030-01-31T10:00:00.000Z");
    expect(parseMoment("2030-01-30T00:00:00+01:00", "--since", NOW)).toBe(
      "2030-01-29T23:00:00.000Z",
    );
    expect(parseMoment(undefined, "--since", NOW)).toBeUndefined();
    expect(() => parseMoment("yesterday", "--since", NOW)).toThrow('--since is "yesterday"');
    expect(() => parseMoment("2030-13-01", "--since", NOW)).toThrow("expected a time");
  });

  test("that are whole numbers keep to their bounds", () => {
    const limit = wholeNumber("--limit", 1, 500);
    expect(limit("500")).toBe(500);
    for (const text of ["0", "501", "1.5", "-1", "x", ""])
      expect(() => limit(text)).toThrow("expected a whole number from 1 to 500");
  });

  test("that name a skill may name its version", () => {
    expect(parseSkillReference("text.note")).toEqual({ id: "text.note", version: null });
    expect(parseSkillReference("text.note@1.2.0-rc.1")).toEqual({
      id: "text.note",
      version: "1.2.0-rc.1",
    });
    for (const text of ["", "@1", "a@", "a@1@2"])
      expect(() => parseSkillReference(text)).toThrow("is not the name of a skill");
  });
});
