import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ERROR_CODES } from "../core/errors.ts";
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES } from "../core/permissions.ts";
import { DIAGNOSTIC_CODES } from "../core/registry-diagnostic.ts";
import { REST_ROUTES } from "../server/api/rest-routes.ts";
import { createMetrics } from "../server/observability/metrics.ts";

const ROOT = join(import.meta.dirname, "..");
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  ...listFiles("docs").filter((path) => path.endsWith(".md")),
];
const EXAMPLES = listFiles("docs/examples").map((path) => linesOf(read(path)));

function listFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => /\.\w+$/.test(path));
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

function linesOf(text: string): string[] {
  return text.split("\n");
}

/** The cells of every table row of a page, without the marks of code. */
function rowsOf(page: string): string[][] {
  return linesOf(read(page))
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .slice(2)
        .split(" | ")
        .map((cell) => cell.replaceAll("`", "").replace(/ ?\|$/, "").trim()),
    );
}

function blocksOf(page: string, language: string): string[] {
  const fence = new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)\\n\\1\`\`\`$`, "gm");
  return [...read(page).matchAll(fence)].map((match) => match[2] ?? "");
}

/** True where the lines stand in a row in one of the examples, at whatever indentation. */
function standsInAnExample(block: string): boolean {
  const wanted = dedent(linesOf(block));
  return EXAMPLES.some((example) =>
    example.some(
      (_, start) =>
        dedent(example.slice(start, start + wanted.length)).join("\n") === wanted.join("\n"),
    ),
  );
}

function dedent(lines: string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  return lines.map((line) => line.slice(Math.min(...indents)));
}

function anchorsOf(page: string): Set<string> {
  const headings = linesOf(read(page)).flatMap((line) => /^#+ (.*)$/.exec(line)?.[1] ?? []);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

describe("the documentation", () => {
  test.each(PAGES)("%s: every link leads somewhere", (page) => {
    const links = [...read(page).matchAll(/(?:\]\(|(?:src|srcset)=")([^)"\s]+)[)"]/g)].map(
      (match) => match[1] ?? "",
    );
    const dead = links
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? page : join(dirname(page), path);
        if (!existsSync(join(ROOT, target))) return true;
        return anchor !== undefined && !anchorsOf(target).has(anchor);
      });
    expect(dead).toEqual([]);
  });

  test("the README's first skill is the whole example file, so that whoever imports both has no conflict", () => {
    const [skill = ""] = blocksOf("README.md", "yaml");
    expect(dedent(linesOf(skill)).join("\n")).toBe(read("docs/examples/first-skill.yaml").trimEnd());
  });

  test("every YAML of the guides stands in an example file, which tests import and run", () => {
    const guides = ["README.md", "docs/skill-authoring.md", "docs/bindings.md"];
    const blocks = guides.flatMap((page) => blocksOf(page, "yaml"));
    expect(blocks.length).toBeGreaterThan(25);
    expect(blocks.filter((block) => !standsInAnExample(block))).toEqual([]);
  });

  test("errors.md lists every code with its status, whether it is retried, and every diagnostic", () => {
    const rows = rowsOf("docs/errors.md");
    const isCode = (name = "") => /^[a-z_]+$/.test(name);
    const errors = rows
      .filter(([code, status]) => isCode(code) && /^\d+$/.test(status ?? ""))
      .map(([code, status, retry]) => `${code} ${status} ${retry === "yes"}`);
    expect(errors.toSorted()).toEqual(
      Object.entries(ERROR_CODES)
        .map(([code, { http, retryable }]) => `${code} ${http} ${retryable}`)
        .toSorted(),
    );
    const diagnostics = rows.flatMap(([code = "", ...rest]) =>
      isCode(code) && rest.length === 1 ? code : [],
    );
    expect(diagnostics.toSorted()).toEqual(Object.keys(DIAGNOSTIC_CODES).toSorted());
  });

  test("api.md lists every operation with its permission, and who has which permission", () => {
    const rows = rowsOf("docs/api.md");
    const operations = rows
      .filter(([method]) => /^(GET|POST|DELETE)$/.test(method ?? ""))
      .map(([method, path, permission]) => `${method} ${path} ${permission}`)
      .filter((operation) => !operation.includes("/stream "));
    expect(operations.toSorted()).toEqual(
      REST_ROUTES.map(
        ({ meta }) => `${meta.method} ${meta.path} ${meta.permission ?? "–"}`,
      ).toSorted(),
    );
    const granted = linesOf(read("docs/api.md"))
      .filter((line) => /^\| `[a-z]+:[a-z]+` \|/.test(line))
      .map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.replaceAll("`", "").trim()),
      );
    expect(granted).toEqual(
      PERMISSIONS.map((permission) => [
        permission,
        ...ROLES.map((role) => (ROLE_PERMISSIONS[role].includes(permission) ? "✓" : "")),
      ]),
    );
  });

  test("observability.md lists every metric with its type and labels", () => {
    const listed = linesOf(read("docs/operations/observability.md"))
      .filter((line) => line.startsWith("| `orca_"))
      .map((line) =>
        line
          .split("|")
          .slice(1, 4)
          .map((cell) => cell.replaceAll("`", "").trim()),
      );
    const metrics = createMetrics().registry.getMetricsAsArray();
    const known = metrics.map(({ name, type, ...rest }) => [
      name,
      String(type),
      "labelNames" in rest && Array.isArray(rest.labelNames) ? rest.labelNames.join(", ") : "",
    ]);
    expect(listed).toEqual(known);
  });

  test("configuration.md lists every variable that the server reads", () => {
    const variables = [...read("server/config.ts").matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(
      (match) => match[1] ?? "",
    );
    expect(variables.length).toBeGreaterThan(20);
    const page = read("docs/operations/configuration.md");
    expect(variables.filter((variable) => !page.includes(`\`${variable}\``))).toEqual([]);
  });

  test("every file that the architecture and the decisions name exists", () => {
    const pages = PAGES.filter((page) => /architecture|decisions|configuration/.test(page));
    const missing = pages.flatMap((page) =>
      [...read(page).matchAll(/`((?:core|server|cli|components|bench|e2e|scripts)\/[\w./-]+)`/g)]
        .map((match) => match[1] ?? "")
        .filter((path) => !existsSync(join(ROOT, path)))
        .map((path) => `${page}: ${path}`),
    );
    expect(missing).toEqual([]);
  });
});
