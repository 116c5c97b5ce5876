import { expect, test } from "vitest";
import { describeFiles, sortFiles } from "./chosen-files.ts";

const at = (path: string, text = "x") => ({
  path,
  file: new File([text], path.split("/").at(-1) ?? ""),
});

test("documents and archives are taken in the order of their paths, the rest is counted", () => {
  const { taken, passedOver } = sortFiles([
    at("b/skill.yaml"),
    at("a/README.md"),
    at("a/cap.yml"),
    at("all.tar.gz"),
    at("all.ZIP"),
  ]);
  expect(taken.map(({ path }) => path)).toEqual([
    "a/cap.yml",
    "all.ZIP",
    "all.tar.gz",
    "b/skill.yaml",
  ]);
  expect(passedOver).toBe(1);
});

test("what was chosen is said in words", () => {
  expect(describeFiles([at("a.yaml", "x".repeat(1_200)), at("b.yaml"), at("c.zip")])).toBe(
    "2 documents, 1 archive, 1.2 kB",
  );
});
