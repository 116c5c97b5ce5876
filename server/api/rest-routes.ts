import { z } from "zod";
import type { OperationMeta } from "./operation.ts";
import { appRouter } from "./router.ts";

/** One operation as REST serves it. */
export type RestRoute = {
  /** The procedure's path, such as `runs.start`. */
  name: string;
  meta: OperationMeta;
  type: "query" | "mutation";
  input: z.ZodObject | null;
  output: z.ZodType;
};

const ProcedureSchema = z.object({
  type: z.enum(["query", "mutation"]),
  meta: z.custom<OperationMeta>(
    (meta) =>
      typeof meta === "object" &&
      meta !== null &&
      "method" in meta &&
      "path" in meta &&
      "permission" in meta,
  ),
  inputs: z.array(z.instanceof(z.ZodObject)).max(1),
  output: z.instanceof(z.ZodType),
});

/** Every operation of the router. Throws at the start of the process on one that was not made by `operation()`. */
export const REST_ROUTES: readonly RestRoute[] = Object.entries(appRouter._def.procedures).map(
  toRoute,
);

function toRoute([name, procedure]: [string, unknown]): RestRoute {
  const definition = typeof procedure === "function" && "_def" in procedure ? procedure._def : null;
  const parsed = ProcedureSchema.safeParse(definition);
  if (!parsed.success) {
    throw new Error(
      `The procedure ${name} declares no method, path, permission and schemas; make it with operation().`,
    );
  }
  const { type, meta, inputs, output } = parsed.data;
  return { name, type, meta, input: inputs[0] ?? null, output };
}

export type RouteMatch =
  | { found: "route"; route: RestRoute; parameters: Record<string, string> }
  | { found: "other_methods"; allow: string[] }
  | { found: "nothing" };

/** The operation behind a method and a path below /api/v1; HEAD is served where GET is. */
export function matchRoute(method: string, path: string): RouteMatch {
  const matches = REST_ROUTES.flatMap((route) => {
    const parameters = matchPath(route.meta.path, path);
    return parameters === null ? [] : [{ route, parameters }];
  });
  const wanted = method === "HEAD" ? "GET" : method;
  const match = matches.find(({ route }) => route.meta.method === wanted);
  if (match !== undefined) return { found: "route", ...match };
  if (matches.length === 0) return { found: "nothing" };
  return { found: "other_methods", allow: matches.map(({ route }) => route.meta.method) };
}

function matchPath(template: string, path: string): Record<string, string> | null {
  const wanted = template.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? "";
    if (!segment.startsWith("{")) {
      if (segment !== value) return null;
      continue;
    }
    const decoded = decodeSegment(value);
    if (decoded === null || decoded === "") return null;
    parameters[segment.slice(1, -1)] = decoded;
  }
  return parameters;
}

function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
