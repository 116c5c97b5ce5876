import { describe, expect, test } from "vitest";
import { readSettings } from "./settings.ts";

describe("settings", () => {
  test("are this machine's server without a key when nothing is said", () => {
    expect(readSettings({}, { ORCA_URL: "", ORCA_API_KEY: "" })).toEqual({
      url: "http://127.0.0.1:3000",
      apiKey: null,
    });
  });

  test("come from the environment, and from options before it", () => {
    const env = { ORCA_URL: "https://orca.example.com/base/", ORCA_API_KEY: "from-env" };
    expect(readSettings({}, env)).toEqual({
      url: "https://orca.example.com/base",
      apiKey: "from-env",
    });
    expect(readSettings({ url: "http://localhost:1234", apiKey: "given" }, env)).toEqual({
      url: "http://localhost:1234",
      apiKey: "given",
    });
  });

  test.each(["localhost:3000", "ftp://x", "http://x?y=1", "nonsense"])(
    "%s is no address of a server",
    (url) => {
      expect(() => readSettings({}, { ORCA_URL: url })).toThrow(`ORCA_URL is "${url}"`);
    },
  );

  test("never repeat a key that cannot be one", () => {
    expect(() => readSettings({ apiKey: "se cret\n" }, {})).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("cret"), exitCode: 2 }),
    );
  });
});
