import { parsePatch } from "diff";
import { DomainError } from "../../../../core/errors.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

const KINDS: readonly { kind: string; pattern: RegExp }[] = [
  { kind: "tests", pattern: /(?:^|[/._-])(?:tests?|spec|specs|e2e)(?:[/._-]|$)/i },
  { kind: "documentation", pattern: /\.(?:md|mdx|rst|adoc|txt)$/i },
  { kind: "migration", pattern: /(?:^|\/)migrations?\/|\.sql$/i },
  {
    kind: "dependencies",
    pattern:
      /(?:^|\/)(?:package(?:-lock)?\.json|yarn\.lock|requirements[^/]{0,20}\.txt|go\.(?:mod|sum)|Cargo\.(?:toml|lock)|pom\.xml)$/i,
  },
  { kind: "configuration", pattern: /\.(?:ya?ml|toml|ini|env|json|tf)$|(?:^|\/)Dockerfile/i },
];

/** One file of a diff; `kind` is source, tests, documentation, migration, dependencies or configuration. */
export type FileChange = {
  path: string;
  kind: string;
  change: string;
  added: number;
  removed: number;
};

/** The files that a unified diff changes, with their lines and kind (source, tests, documentation, migration …). */
export function readPatch(diff: string): FileChange[] {
  try {
    return parsePatch(diff)
      .filter(
        (file) =>
          file.hunks.length > 0 || file.oldFileName !== undefined || file.newFileName !== undefined,
      )
      .map((file) => {
        const [before, after] = [plainName(file.oldFileName), plainName(file.newFileName)];
        const path = after === "/dev/null" || after === "" ? before : after;
        const lines = file.hunks.flatMap((hunk) => hunk.lines);
        return {
          path,
          kind: KINDS.find(({ pattern }) => pattern.test(path))?.kind ?? "source",
          change:
            before === "/dev/null"
              ? "added"
              : after === "/dev/null"
                ? "deleted"
                : before !== after && before !== ""
                  ? "renamed"
                  : "changed",
          added: lines.filter((line) => line.startsWith("+")).length,
          removed: lines.filter((line) => line.startsWith("-")).length,
        };
      });
  } catch (error) {
    throw new DomainError("invalid_request", "The text is not a unified diff.", {
      hint:
        error instanceof Error
          ? error.message.slice(0, 200)
          : "Make one with git diff or code.diff.extract.",
      cause: error,
    });
  }
}

/** Lines added and removed in a unified diff. */
export function countPatch(diff: string): { added: number; removed: number } {
  const files = readPatch(diff);
  return {
    added: files.reduce((sum, file) => sum + file.added, 0),
    removed: files.reduce((sum, file) => sum + file.removed, 0),
  };
}

/** Says in words what a unified `diff` changes: files, lines, kinds of file, and what a reviewer would ask about. */
export const summarizeDiff: Builtin = (input) => {
  const files = readPatch(new InputReader(input).text("diff"));
  const [added, removed] = [
    files.reduce((sum, file) => sum + file.added, 0),
    files.reduce((sum, file) => sum + file.removed, 0),
  ];
  const kinds = new Set(files.map((file) => file.kind));
  const notes: string[] = [];
  if (kinds.has("source") && !kinds.has("tests")) notes.push("Source changes without a test.");
  if (kinds.has("migration")) notes.push("Changes the database: needs a way back.");
  if (kinds.has("dependencies")) notes.push("Changes dependencies.");
  if (added + removed > 400) notes.push(`Large: ${added + removed} changed lines.`);
  const names = files
    .slice(0, 5)
    .map((file) => `${file.path} (${file.change}, +${file.added} −${file.removed})`);
  return {
    summary:
      files.length === 0
        ? "No changes."
        : `${files.length} file${files.length === 1 ? "" : "s"}, +${added} −${removed}: ${names.join(", ")}${files.length > 5 ? ", …" : ""}.`,
    files,
    added,
    removed,
    notes,
    status: "ok",
    rationale: "Read from the diff itself.",
  };
};

function plainName(name: string | undefined): string {
  return (name ?? "").replace(/^[ab]\//, "").split("\t")[0] ?? "";
}
