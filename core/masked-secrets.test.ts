import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonChanges } from "./json-changes.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { SecretMask, withSecrets } from "./masked-secrets.ts";

const show = (payload: JsonObject, known: string[] = []) => new SecretMask(known).payload(payload);

describe("a payload as people see it", () => {
  test("has a mask where a secret's name, its form or the instance says that one stands", () => {
    const shown = show(
      {
        to: "ada",
        headers: { authorization: "Bearer abc123def456" },
        pin: { passwd: 1234 },
        url: "https://x.org/?api_key=k-12345678&page=2",
        note: "abc123def456, and instance-secret",
      },
      ["instance-secret"],
    );
    expect(shown).toEqual({
      to: "ada",
      headers: { authorization: "[redacted]" },
      pin: { passwd: "[redacted]" },
      url: "https://x.org/?api_key=[redacted]&page=2",
      note: "[redacted], and [redacted]",
    });
  });

  test("has a mask where a value stands that is a secret in what the run was given", () => {
    const mask = new SecretMask([], [{ api_key: "k-12345678" }]);
    expect(mask.payload({ text: "use k-12345678" })).toEqual({ text: "use [redacted]" });
    expect(mask.text("Use k-12345678?")).toBe("Use [redacted]?");
    expect(mask.count).toBe(2);
  });

  test("hides the secrets of a difference by the names on its path", () => {
    const changes = jsonChanges({ a: { token: "12" }, b: 1 }, { a: { token: "34" }, b: 2 });
    expect(new SecretMask([]).changes(changes)).toEqual([
      { path: "a.token", kind: "changed", before: "[redacted]", after: "[redacted]" },
      { path: "b", kind: "changed", before: 1, after: 2 },
    ]);
  });
});

/** Payloads with secrets at random places. */
const payloads = fc
  .dictionary(
    fc.constantFrom("to", "token", "list", "inner", "password"),
    fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Json>("plain", "Bearer abc123def456", 7, null, true),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("name", "token", "api_key"), tie("value")),
      ),
    })).value,
  )
  .filter(isJsonObject);

describe("an edited payload", () => {
  test("whose masks were left alone is what it was, whatever else was edited", () => {
    fc.assert(
      fc.property(payloads, fc.string(), (exact, edit) => {
        fc.pre(!edit.includes("[redacted]"));
        const shown = show(exact);
        expect(withSecrets(shown, shown, exact)).toEqual(exact);
        expect(withSecrets({ ...shown, edited: edit }, shown, exact)).toEqual({
          ...exact,
          edited: edit,
        });
      }),
    );
  });

  const exact = {
    token: "12345678",
    note: "it is 12345678",
    calls: [
      { to: "ada", password: "first-secret" },
      { to: "bob", password: "second-secret" },
    ],
  };
  const shown = show(exact);
  const [ada = {}, bob = {}] = exact.calls.map((call) => show(call));

  test("takes a new value in place of a mask", () => {
    expect(withSecrets({ ...shown, token: "new" }, shown, exact)).toEqual({
      ...exact,
      token: "new",
    });
  });

  test("keeps each item's own secret where items were removed, moved or changed", () => {
    const [first, second] = exact.calls;
    const edited = (calls: Json) => withSecrets({ ...shown, calls }, shown, exact)["calls"];
    expect(edited([bob])).toEqual([second]);
    expect(edited([bob, ada])).toEqual([second, first]);
    expect(edited([{ ...ada, to: "cleo" }, bob])).toEqual([{ ...first, to: "cleo" }, second]);
  });

  test.each<[string, JsonObject]>([
    ["to", { ...shown, to: "[redacted]" }],
    ["note", { ...shown, note: "it was [redacted]" }],
    ["calls[0]", { ...shown, calls: [{ ...bob, to: "cleo" }] }],
    ["deep.inside", { ...shown, deep: { inside: "[redacted]" } }],
  ])("with a mask that was moved to %s is refused", (path, edited) => {
    expect(() => withSecrets(edited, shown, exact)).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        message: expect.stringContaining(`${path} holds`),
      }),
    );
  });

  describe("of a list of words", () => {
    const command = { args: ["--to", "ada", "--password", "first-secret", "-v", "last"] };
    const known = ["first-secret"];
    const masked = show(command, known);
    const edited = (args: Json) => withSecrets({ args }, masked, command);

    test("keeps a secret that stands where it stood, beside what it stood beside", () => {
      expect(edited(["--to", "bob", "--password", "[redacted]", "-v", "end"])).toEqual({
        args: ["--to", "bob", "--password", "first-secret", "-v", "end"],
      });
    });

    test.each([
      ["elsewhere", ["--to", "[redacted]", "--password", "ada", "-v", "last"]],
      ["behind another word", ["--password", "ada", "--to", "[redacted]", "-v", "last"]],
      ["before another word", ["--to", "ada", "--password", "[redacted]", "last", "-v"]],
      ["in a shorter list", ["--password", "[redacted]"]],
      ["in a list inside", ["--to", ["[redacted]"], "--password", "ada", "-v", "last"]],
    ])("does not carry it %s", (_where, args) => {
      expect(() => edited(args)).toThrow("holds the mask");
    });

    test("does not carry it with a list inside that moved", () => {
      const pairs = { args: [["--to"], ["ada"], ["--password"], ["first-secret"]] };
      const [to, who, name, secret] = [["--to"], ["ada"], ["--password"], ["[redacted]"]];
      const move = (args: Json) => () => withSecrets({ args }, show(pairs, known), pairs);
      expect(move([to, secret, name, who])).toThrow("holds the mask");
      expect(move([name, who, to, secret])).toThrow("holds the mask");
    });
  });

  test("does not use a secret twice where its item went elsewhere or was copied", () => {
    const edited = (calls: Json) => () => withSecrets({ ...shown, calls }, shown, exact);
    expect(edited([bob, { ...bob, to: "cleo" }])).toThrow("calls[1] holds");
    expect(edited([bob, bob])).toThrow("holds the mask");
  });

  describe("whose names hold secrets", () => {
    const keyed = { of: { "abc-first": { to: "ada" }, "abc-second": { to: "bob" }, 7: 1 } };
    const names = ["abc-first", "abc-second"];
    const masked = show(keyed, names);
    const edited = (of: Json) => withSecrets({ of }, masked, keyed);

    test("shows each entry, and takes each edit to its own", () => {
      const of = { "[redacted]": { to: "ada" }, "[redacted] 2": { to: "bob" }, 7: 1 };
      expect(masked).toEqual({ of });
      expect(edited({ ...of, "[redacted] 2": { to: "cleo" } })).toEqual({
        of: { ...keyed.of, "abc-second": { to: "cleo" } },
      });
      expect(edited({ "[redacted] 2": { to: "bob" } })).toEqual({
        of: { "abc-second": { to: "bob" } },
      });
    });

    test("is refused with a masked name that was not shown, or with both of one", () => {
      expect(() => edited({ "[redacted] 3": {} })).toThrow("holds the mask");
      expect(() => edited({ "[redacted]": {}, "abc-first": {} })).toThrow("holds the mask");
    });
  });

  test("does not say whose secret stays where several look alike", () => {
    const alike = { calls: [{ token: "one-secret" }, { token: "two-secret" }] };
    const masked = show(alike);
    const one = { calls: [{ token: "[redacted]" }] };
    expect(() => withSecrets(one, masked, alike)).toThrow("calls[0] holds");
  });
});
