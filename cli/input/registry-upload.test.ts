import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRegistryUpload } from "./registry-upload.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orca-upload-"));
  for (const path of ["capabilities", "node_modules/x", ".git", "empty"])
    mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, "capabilities", "a.b.yaml"), "id: a.b\n");
  writeFileSync(join(folder, "capabilities", "read.me"), "no");
  writeFileSync(join(folder, "node_modules/x/c.yaml"), "no");
  writeFileSync(join(folder, ".git/d.yml"), "no");
  writeFileSync(join(folder, "z.YML"), Buffer.from([0xff]));
  writeFileSync(join(folder, "bundle.tar.gz"), "bytes");
  symlinkSync(join(folder, "z.YML"), join(folder, "link.yaml"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("what is sent to be imported", () => {
  test("is every YAML file below a directory, byte for byte", async () => {
    const { archive, toLocalPath } = await readRegistryUpload(folder);
    const files = unzipSync(archive);
    expect(Object.keys(files).sort()).toEqual(["capabilities/a.b.yaml", "z.YML"]);
    expect(strFromU8(files["capabilities/a.b.yaml"] ?? new Uint8Array())).toBe("id: a.b\n");
    expect(files["z.YML"]).toEqual(new Uint8Array([0xff]));
    expect(toLocalPath("capabilities/a.b.yaml")).toBe(join(folder, "capabilities/a.b.yaml"));
  });

  test("is one document where that is named", async () => {
    const path = join(folder, "capabilities", "a.b.yaml");
    const { archive, toLocalPath } = await readRegistryUpload(path);
    expect(Object.keys(unzipSync(archive))).toEqual(["a.b.yaml"]);
    expect(toLocalPath("a.b.yaml")).toBe(path);
  });

  test("is an archive as it stands", async () => {
    const { archive, toLocalPath } = await readRegistryUpload(join(folder, "bundle.tar.gz"));
    expect(strFromU8(archive)).toBe("bytes");
    expect(toLocalPath("skills/x.yaml")).toBe("skills/x.yaml");
  });

  test("is nothing where there is nothing", async () => {
    await expect(readRegistryUpload(join(folder, "empty"))).rejects.toThrow("no YAML file below");
    await expect(readRegistryUpload(join(folder, "none"))).rejects.toMatchObject({
      message: expect.stringContaining("there is no such file"),
      exitCode: 2,
    });
  });
});
