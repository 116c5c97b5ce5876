import { readFile, stat } from "node:fs/promises";
import { DomainError } from "../../core/errors.ts";
import { checkPack, type PackCheck } from "../../server/packs/check-pack.ts";
import { MAX_PACK_BYTES } from "../../server/packs/pack-format.ts";
import { readPack, type Pack } from "../../server/packs/read-pack.ts";
import { CliError, usageError } from "../cli-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { reasonOf } from "../input/text-source.ts";

/** The bytes of a file that may be a replay pack. Throws a usage error where it cannot be read or is larger than any. */
export async function readPackBytes(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MAX_PACK_BYTES) {
      throw usageError(`${path} has ${size} bytes; a replay pack has at most ${MAX_PACK_BYTES}.`);
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw usageError(`${path} cannot be read: ${reasonOf(cause)}.`, { cause });
  }
}

/** A file whose parts are all what they say. Exit code 1 where one was changed, 2 where it is no pack. */
export async function readPackFile(path: string): Promise<{ pack: Pack; check: PackCheck }> {
  const bytes = await readPackBytes(path);
  try {
    const pack = await readPack(bytes);
    return { pack, check: checkPack(pack) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { code, message, hint, details } = error;
    const exitCode = details?.["part"] === undefined ? EXIT_CODE.usage : EXIT_CODE.failed;
    throw new CliError(code, `${path}: ${message}`, { exitCode, hint, details, cause: error });
  }
}
