import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { docsPage } from "./docs-page.ts";
import { openApiDocument } from "./openapi.ts";
import { REST_ROUTES } from "./rest-routes.ts";

const document = openApiDocument("1.2.3");
const paths = isJsonObject(document.paths) ? document.paths : {};

function at(pointer: string): Json | undefined {
  return pointer
    .replace(/^#\//, "")
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<Json | undefined>(
      (value, key) => (isJsonObject(value) ? value[key] : undefined),
      document,
    );
}

function walk(value: Json, visit: (object: JsonObject) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  if (!isJsonObject(value)) return;
  visit(value);
  for (const item of Object.values(value)) walk(item, visit);
}

describe.each(
  REST_ROUTES.map((route) => [`${route.meta.method} ${route.meta.path}`, route] as const),
)("%s", (_name, route) => {
  const operation = at(
    `#/paths/${route.meta.path.replaceAll("/", "~1")}/${route.meta.method.toLowerCase()}`,
  );

  test("stands in the document with its permission, its path's parameters and a schema of its answer", () => {
    expect(operation).toMatchObject({
      "x-permission": route.meta.permission,
      summary: route.meta.summary,
    });
    const parameters =
      isJsonObject(operation) && Array.isArray(operation.parameters)
        ? operation.parameters.filter(isJsonObject)
        : [];
    const named = parameters
      .filter((parameter) => parameter.in === "path")
      .map((parameter) => parameter.name);
    expect(named).toEqual([...route.meta.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
    const status = String(route.meta.status ?? 200);
    expect(operation).toHaveProperty([
      "responses",
      status,
      "content",
      route.meta.file ?? "application/json",
      "schema",
    ]);
  });
});

test("the stream stands in it too", () => {
  expect(paths).toHaveProperty([
    "/runs/{run_id}/stream",
    "get",
    "responses",
    "200",
    "content",
    "text/event-stream",
  ]);
});

test("every operation has an id of its own, and no two routes look the same", () => {
  const ids: unknown[] = [];
  walk(paths, (object) => {
    if ("operationId" in object) ids.push(object.operationId);
  });
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(REST_ROUTES.length + 1);
  const shapes = REST_ROUTES.map(
    ({ meta }) => `${meta.method} ${meta.path.replaceAll(/\{\w+\}/g, "{}")}`,
  );
  expect(new Set(shapes).size).toBe(shapes.length);
});

test("every reference leads somewhere, and every schema is one of JSON Schema 2020-12", () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  let schemas = 0;
  walk(document, (object) => {
    if (typeof object.$ref === "string") expect(at(object.$ref), object.$ref).toBeDefined();
    if (!isJsonObject(object.schema) || "$ref" in object.schema) return;
    ajv.compile(object.schema);
    schemas += 1;
  });
  expect(schemas).toBeGreaterThan(REST_ROUTES.length);
});

test("the reader shows every path and lets nothing run", () => {
  const page = docsPage(document);
  for (const path of Object.keys(paths)) expect(page).toContain(path);
  expect(page).not.toMatch(/<script|\son\w+=|javascript:/i);
});
