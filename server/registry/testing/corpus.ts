import { existsSync } from "node:fs";
import { join } from "node:path";

const CORPUS = join(import.meta.dirname, "..", "..", "..", "..", "shared", "corpus", "orca");

/** The compatibility corpus beside the repository, or null where it is not. Says so, because its tests are then left out. */
export function findCorpus(): string | null {
  if (existsSync(CORPUS)) return CORPUS;
  console.warn("../shared/corpus/orca does not exist: the corpus tests were left out.");
  return null;
}
