import { z } from "zod";
import { CapabilityIdSchema, CONFORMANCE_PROFILES } from "./capability.ts";
import { JsonObjectSchema } from "./field.ts";
import { StatusProbeSchema } from "./status-probe.ts";

/** `pythoncall` files of the ORCA registry are read as `builtin`. */
export const PROTOCOLS = ["builtin", "openapi", "openrpc", "mcp"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

const ProtocolSchema = z.preprocess(
  (value) => (value === "pythoncall" ? "builtin" : value),
  z.enum(PROTOCOLS),
);

const TransportSettings = {
  timeout_seconds: z.number().positive().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  retry_count: z.int().min(0).optional(),
  retry_backoff_base: z.number().min(0).optional(),
  retry_backoff_factor: z.number().min(1).optional(),
  max_request_bytes: z.int().positive().optional(),
  max_response_bytes: z.int().positive().optional(),
};

/** A binding file: one implementation of one capability (`contract.md` §9, `origins/orca.md` §3.1). */
export const BindingSchema = z.looseObject({
  id: z.string().min(1),
  capability: CapabilityIdSchema,
  service: z.string().min(1),
  protocol: ProtocolSchema,
  operation: z.string().min(1),
  request: JsonObjectSchema.default({}),
  response: z.record(z.string(), z.string()).default({}),
  status_probe: StatusProbeSchema.optional(),
  metadata: z
    .looseObject({
      ...TransportSettings,
      status: z.string().optional(),
      method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]).optional(),
      response_mode: z.enum(["json", "text", "raw"]).optional(),
      fallback_binding_id: z.string().optional(),
      conformance_profile: z.enum(CONFORMANCE_PROFILES).optional(),
      /** The provider treats a repeated `Idempotency-Key` as the same call. */
      provider_idempotency: z.boolean().optional(),
    })
    .default({}),
});
export type Binding = z.infer<typeof BindingSchema>;

/** A service file: where bindings point (`origins/orca.md` §3.2). */
export const ServiceSchema = z
  .looseObject({
    id: z.string().min(1),
    kind: ProtocolSchema,
    base_url: z.string().optional(),
    spec_ref: z.string().optional(),
    /** A name of an in-process MCP server, a stdio command list, or `{url}` of a streamable HTTP server. */
    server: z
      .union([
        z.string(),
        z.array(z.string()).min(1),
        z.looseObject({
          url: z.string().optional(),
          command: z.array(z.string()).optional(),
          env: z.record(z.string(), z.string()).optional(),
        }),
      ])
      .optional(),
    module: z.string().optional(),
    auth_ref: z.string().optional(),
    metadata: z.looseObject({ ...TransportSettings }).default({}),
  })
  .superRefine((service, context) => {
    const need = (ok: boolean, message: string) => {
      if (!ok) context.addIssue({ code: "custom", message });
    };
    if (service.kind === "openapi" || service.kind === "openrpc") {
      need(
        service.base_url !== undefined || service.spec_ref !== undefined,
        `a service of kind ${service.kind} needs base_url or spec_ref`,
      );
      need(
        service.server === undefined && service.module === undefined,
        `a service of kind ${service.kind} takes neither server nor module`,
      );
    }
    if (service.kind === "mcp")
      need(service.server !== undefined, "a service of kind mcp needs server");
    if (service.kind === "builtin")
      need(service.module !== undefined, "a service of kind builtin needs module");
  });
export type Service = z.infer<typeof ServiceSchema>;
