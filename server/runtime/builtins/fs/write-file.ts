import { DomainError } from "../../../../core/errors.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { writeSandboxFile } from "./sandbox-files.ts";

const MODES = {
  write: "replace",
  overwrite: "replace",
  replace: "replace",
  w: "replace",
  append: "append",
  a: "append",
  create: "create",
  x: "create",
} as const;

/** Writes `content` to a file of the sandbox folder. `mode`: `write` (default), `append`, `create` (refuses an existing file). */
export const writeFileBuiltin: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const [name, content, wanted] = [
    given.text("path"),
    given.text("content"),
    given.text("mode", "write"),
  ];
  const mode = Object.entries(MODES).find(([known]) => known === wanted)?.[1];
  if (mode === undefined)
    throw new DomainError("invalid_request", `There is no write mode "${wanted}".`, {
      hint: "Use write, append or create.",
    });
  const size = await writeSandboxFile(context, name, content, mode);
  return {
    path: name,
    bytes_written: size,
    status: "ok",
    rationale: `Wrote ${size} bytes to ${name} (${mode}).`,
  };
};
