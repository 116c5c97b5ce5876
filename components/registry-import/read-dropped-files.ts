import type { ChosenFile } from "./chosen-files.ts";

/** Beyond this a folder is surely not a registry but somebody's home. */
const MOST_FILES = 20_000;

/** The files of a drop, those of dropped folders included, with their paths inside them. */
export async function readDroppedFiles(transfer: DataTransfer): Promise<ChosenFile[]> {
  // The list of items empties itself once the event is over: all entries are taken before the first wait.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found: ChosenFile[] = [];
  const open = [...entries];
  for (
    let entry = open.pop();
    entry !== undefined && found.length < MOST_FILES;
    entry = open.pop()
  ) {
    if (entry instanceof FileSystemFileEntry)
      found.push({ path: entry.fullPath.replace(/^\//, ""), file: await fileOf(entry) });
    if (entry instanceof FileSystemDirectoryEntry && !/^(?:\.|node_modules$)/.test(entry.name))
      open.push(...(await childrenOf(entry)));
  }
  return found;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

async function childrenOf(entry: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = entry.createReader();
  const children: FileSystemEntry[] = [];
  // A reader gives at most a hundred at a time, and none when it is done.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return children;
    children.push(...some);
  }
}
