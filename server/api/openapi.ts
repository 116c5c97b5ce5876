import { z } from "zod";
import { ERROR_CODES } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import { ErrorRecordSchema } from "./json-schemas.ts";
import { REST_ROUTES, type RestRoute } from "./rest-routes.ts";
import { EventEnvelopeSchema, RunIdSchema } from "./run-schemas.ts";

/** The OpenAPI 3.1 document of everything that REST serves, made from the same definitions that serve it. */
export function openApiDocument(version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of REST_ROUTES) {
    paths[route.meta.path] = {
      ...paths[route.meta.path],
      [route.meta.method.toLowerCase()]: toOperation(route),
    };
  }
  paths["/runs/{run_id}/stream"] = { get: STREAM_OPERATION() };
  return {
    openapi: "3.1.0",
    info: { title: "Orca", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/api/v1" }],
    security: [{ api_key: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        api_key: { type: "http", scheme: "bearer", description: "An API key, `orca_…`." },
        session: { type: "apiKey", in: "cookie", name: "next-auth.session-token" },
      },
      schemas: { Error: toSchema(ErrorAnswerSchema, "output") },
      responses: {
        Error: {
          description: "What was wrong, where, and what to do. The status belongs to the code.",
          content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
        },
      },
    },
    "x-error-codes": Object.fromEntries(
      Object.entries(ERROR_CODES).map(([code, { http, retryable }]) => [code, { http, retryable }]),
    ),
  };
}

const ErrorAnswerSchema = z.object({ error: ErrorRecordSchema, trace_id: z.string() });

function toOperation(route: RestRoute): JsonObject {
  const { meta } = route;
  const shape = route.input?.shape ?? {};
  const inPath = [...meta.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const others = Object.keys(shape).filter((name) => !inPath.includes(name));
  const isRead = meta.method === "GET";
  const inQuery = isRead
    ? others
    : others.filter((name) => QUERY_FIELDS[route.name]?.includes(name));
  const inBody = isRead ? [] : others.filter((name) => !inQuery.includes(name));
  return {
    operationId: route.name.replaceAll(".", "_"),
    summary: meta.summary,
    tags: [meta.tag],
    "x-permission": meta.permission,
    parameters: [
      ...inPath.map((name) => toParameter(name, "path", shape[name])),
      ...inQuery.map((name) => toParameter(name, "query", shape[name])),
      ...(meta.takesIdempotencyKey === true ? [IDEMPOTENCY_HEADER] : []),
    ],
    ...(inBody.length === 0 ? {} : { requestBody: toRequestBody(route, inBody) }),
    responses: {
      [String(meta.status ?? 200)]: {
        description: "Done.",
        content: toAnswerContent(route),
      },
      ...(route.name === "runs.start"
        ? { 200: { $ref: "#/paths/~1runs/post/responses/202" } }
        : {}),
      default: { $ref: "#/components/responses/Error" },
    },
  };
}

const FILE: JsonObject = { schema: { type: "string", format: "binary" } };

function toAnswerContent({ meta, output }: RestRoute): JsonObject {
  if (meta.file === undefined)
    return { "application/json": { schema: toSchema(output, "output") } };
  return { [meta.file]: FILE };
}

/** What a call that changes something takes beside its body. */
const QUERY_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "runs.start": ["wait"],
  "registry.import": ["dry_run"],
};

function toRequestBody(route: RestRoute, names: string[]): JsonObject {
  if (route.name === "packs.import")
    return { required: true, content: { "application/gzip": FILE } };
  const mask: Record<string, true> = Object.fromEntries(names.map((name) => [name, true as const]));
  const schema = toSchema(route.input?.pick(mask) ?? z.object({}), "input");
  return {
    required: true,
    content: {
      "application/json": { schema },
      ...(route.name === "registry.import"
        ? { "application/gzip": FILE, "application/zip": FILE }
        : {}),
    },
  };
}

const IDEMPOTENCY_HEADER: JsonObject = {
  name: "Idempotency-Key",
  in: "header",
  description: "Sent again within 24 h with the same body, the call answers with its first result.",
  schema: { type: "string", minLength: 1, maxLength: 200 },
};

function toParameter(
  name: string,
  place: "path" | "query",
  type: z.core.$ZodType | undefined,
): JsonObject {
  const schema = type instanceof z.ZodType ? type : z.string();
  const json = toSchema(schema, "input");
  const isMap = json.type === "object";
  return {
    name,
    in: place,
    required: place === "path" || !schema.safeParse(undefined).success,
    ...(typeof json.description === "string" ? { description: json.description } : {}),
    ...(isMap ? { description: `Given as ${name}.<key>=<value>, once per key.` } : {}),
    ...(json.type === "array" ? { style: "form", explode: false } : {}),
    schema: json,
  };
}

const JsonDocument = z.custom<JsonObject>((value) => typeof value === "object" && value !== null);

function toSchema(schema: z.core.$ZodType, io: "input" | "output"): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    reused: "inline",
    cycles: "ref",
  });
  return JsonDocument.parse(rest);
}

const STREAM_OPERATION = (): JsonObject => ({
  operationId: "runs_stream",
  summary: "Follow a run's events as server-sent events",
  tags: ["Runs"],
  "x-permission": "run:read",
  parameters: [
    toParameter("run_id", "path", RunIdSchema),
    {
      name: "after",
      in: "query",
      required: false,
      description: "Only events with a higher sequence",
      schema: { type: "integer", minimum: 0 },
    },
    {
      name: "Last-Event-ID",
      in: "header",
      required: false,
      schema: { type: "integer", minimum: 0 },
    },
  ],
  responses: {
    200: {
      description:
        "Events from then on. `id` is the sequence, `event` the type, `data` the envelope.",
      content: { "text/event-stream": { schema: toSchema(EventEnvelopeSchema, "output") } },
    },
    204: { description: "The run has ended and nothing follows." },
    default: { $ref: "#/components/responses/Error" },
  },
});
