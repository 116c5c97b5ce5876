import { createHash } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";

/** A readable page of an OpenAPI document: plain HTML that runs nothing and loads nothing. */
export function docsPage(document: JsonObject): string {
  const operations = operationsOf(document);
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const sections = tags.map((tag) => {
    const items = operations.filter((operation) => operation.tag === tag).map(operationHtml);
    return `<section><h2 id="${escape(tag)}">${escape(tag)}</h2>${items.join("")}</section>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Orca API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head><body><main>
<h1>Orca API</h1>
<p>Every call goes to <code>/api/v1</code> with <code>Authorization: Bearer &lt;api key&gt;</code>. Lists answer
<code>{items, next_cursor}</code>; errors answer <code>{error: {code, message, hint, details}, trace_id}</code>.
The machine-readable document is <a href="/api/v1/openapi.json">openapi.json</a>.</p>
<nav>${tags.map((tag) => `<a href="#${escape(tag)}">${escape(tag)}</a>`).join(" · ")} · <a href="#errors">Errors</a></nav>
${sections.join("")}<section><h2 id="errors">Errors</h2>${errorsHtml(document["x-error-codes"])}</section></main></body></html>`;
}

const STYLE = `:root{color-scheme:light dark;font:14px/1.5 system-ui,sans-serif}main{max-width:56rem;margin:2rem auto;padding:0 1rem}
code,pre{font:12px/1.5 ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border:1px solid color-mix(in srgb,currentColor 20%,transparent);border-radius:8px}
details{border:1px solid color-mix(in srgb,currentColor 20%,transparent);border-radius:8px;margin:.5rem 0;padding:.5rem .75rem}summary{cursor:pointer}
summary b{display:inline-block;min-width:3.5rem}table{border-collapse:collapse}td,th{text-align:left;padding:.15rem 1rem .15rem 0;vertical-align:top}small{opacity:.75}`;

/** The policy of that page: its one style, known by its hash, and nothing else. */
export const DOCS_CONTENT_POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; frame-ancestors 'none'; base-uri 'none'`;

type Operation = { method: string; path: string; tag: string; body: JsonObject };

function operationsOf(document: JsonObject): Operation[] {
  const paths = isJsonObject(document.paths) ? document.paths : {};
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(isJsonObject(methods) ? methods : {}).flatMap(([method, body]) =>
      isJsonObject(body)
        ? [{ method, path, tag: Array.isArray(body.tags) ? textOf(body.tags[0]) : "", body }]
        : [],
    ),
  );
}

function operationHtml({ method, path, body }: Operation): string {
  const parameters = Array.isArray(body.parameters) ? body.parameters.filter(isJsonObject) : [];
  const rows = parameters.map(
    (parameter) =>
      `<tr><td><code>${escape(textOf(parameter.name))}</code></td><td><small>${escape(textOf(parameter.in))}${parameter.required === true ? ", required" : ""}</small></td><td>${escape(textOf(parameter.description))}</td></tr>`,
  );
  const permission = textOf(body["x-permission"]);
  return `<details id="${escape(textOf(body.operationId))}"><summary><b>${escape(method.toUpperCase())}</b> <code>${escape(path)}</code> — ${escape(textOf(body.summary))}</summary>
<p><small>${permission === "" ? "Any known caller" : `Permission <code>${escape(permission)}</code>`}</small></p>
${rows.length === 0 ? "" : `<table>${rows.join("")}</table>`}${schemaHtml("Body", body.requestBody)}${answersHtml(body.responses)}</details>`;
}

function answersHtml(responses: Json | undefined): string {
  if (!isJsonObject(responses)) return "";
  return Object.entries(responses)
    .filter(([status]) => status !== "default")
    .map(([status, response]) => schemaHtml(`Answer ${status}`, response))
    .join("");
}

function schemaHtml(title: string, holder: Json | undefined): string {
  const content =
    isJsonObject(holder) && isJsonObject(holder.content)
      ? Object.values(holder.content)[0]
      : undefined;
  if (!isJsonObject(content)) return "";
  return `<details><summary>${escape(title)}</summary><pre>${escape(JSON.stringify(content.schema, null, 2))}</pre></details>`;
}

function errorsHtml(codes: Json | undefined): string {
  const rows = Object.entries(isJsonObject(codes) ? codes : {}).map(([code, entry]) => {
    const { http, retryable } = isJsonObject(entry) ? entry : {};
    return `<tr><td><code>${escape(code)}</code></td><td>${typeof http === "number" ? http : ""}</td><td>${retryable === true ? "may help to try again" : ""}</td></tr>`;
  });
  return `<table>${rows.join("")}</table>`;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
