import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { readSandboxFile } from "./sandbox-files.ts";

/** Reads a file of the sandbox folder: UTF-8 `content`, or with `mode: binary` base64 in `bytes.base64` (`content` is then empty). */
export const readFileBuiltin: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const name = given.text("path");
  const bytes = await readSandboxFile(context, name);
  const isBinary = ["binary", "bytes", "rb"].includes(given.text("mode", "text"));
  return {
    content: isBinary ? "" : bytes.toString("utf8"),
    bytes: isBinary
      ? { size: bytes.length, base64: bytes.toString("base64") }
      : { size: bytes.length },
    size: bytes.length,
    status: "ok",
    rationale: `Read ${bytes.length} bytes from ${name}.`,
  };
};
