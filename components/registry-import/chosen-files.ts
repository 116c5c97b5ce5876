import { formatBytes } from "../ui/format-bytes.ts";
/** Files that were chosen for an import, with the paths that they had on the way in. */
export type ChosenFile = { path: string; file: File };

const ARCHIVE = /\.(?:zip|tar|tgz|tar\.gz)$/i;
const DOCUMENT = /\.ya?ml$/i;

/** Splits what was dropped into what an import reads (YAML documents, archives) and how much it passes over. */
export function sortFiles(files: readonly ChosenFile[]): {
  taken: ChosenFile[];
  passedOver: number;
} {
  const taken = files
    .filter(({ path }) => ARCHIVE.test(path) || DOCUMENT.test(path))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { taken, passedOver: files.length - taken.length };
}

/** What was chosen, in words: `42 documents, 1 archive, 310 kB`. */
export function describeFiles(files: readonly ChosenFile[]): string {
  const archives = files.filter(({ path }) => ARCHIVE.test(path)).length;
  const documents = files.length - archives;
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const parts = [
    documents === 0 ? null : `${documents} document${documents === 1 ? "" : "s"}`,
    archives === 0 ? null : `${archives} archive${archives === 1 ? "" : "s"}`,
    formatBytes(bytes),
  ];
  return parts.filter((part) => part !== null).join(", ");
}
