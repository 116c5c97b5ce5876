import { z } from "zod";
import type { JsonObject } from "../../core/json.ts";
import { type Outcome, performOnce } from "./perform-once.ts";
import type { SandboxStore } from "./sandbox-store.ts";

/** A request after its body was read and its host checked. */
export type SandboxRequest = {
  method: string;
  path: readonly string[];
  query: URLSearchParams;
  key: string | null;
  body: JsonObject;
  at: string;
};

const TicketBodySchema = z.object({
  title: z.string().min(1).max(300),
  body: z.string().max(100_000).default(""),
  priority: z.string().max(40).default("medium"),
  labels: z.array(z.string().max(80)).max(50).default([]),
});
const PaymentBodySchema = z.object({
  customer: z.string().min(1).max(300),
  amount_cents: z.int().positive().max(1_000_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/),
  reference: z.string().max(300).default(""),
});
const CloseBodySchema = z.object({ resolution: z.string().max(10_000).default("") });
const RefundBodySchema = z.object({ reason: z.string().max(10_000).default("") });

/** Answers the JSON side of the sandbox service. Pure but for the store; an unknown path is 404, a wrong method 405, a wrong body 400. */
export function answerSandbox(store: SandboxStore, request: SandboxRequest): Outcome {
  const { method, path, query } = request;
  const [noun, id = "", verb] = path;
  const isGet = method === "GET";
  if (path.length === 1 && isGet && noun === "mails")
    return ok({
      mails: newest(
        store.mails,
        query,
        (mail) => !query.has("to") || mail.to.includes((query.get("to") ?? "").toLowerCase()),
      ),
    });
  if (path.length === 1 && isGet && noun === "tickets")
    return ok({ tickets: newest(store.tickets, query, (ticket) => isWanted(query, ticket.state)) });
  if (path.length === 1 && isGet && noun === "payments")
    return ok({
      payments: newest(store.payments, query, (payment) => isWanted(query, payment.state)),
    });
  if (path.length === 2 && isGet && noun === "effects") return findEffect(store, id);
  if (path.length === 2 && isGet && noun === "tickets")
    return found(store.tickets.get(id), `ticket "${id}"`);
  if (path.length === 2 && isGet && noun === "payments")
    return found(store.payments.get(id), `payment "${id}"`);
  if (method !== "POST")
    return refuse(
      path.length === 0 || isGet ? 404 : 405,
      isGet ? "not_found" : "method_not_allowed",
      "There is nothing at this path for this method.",
    );
  if (path.length === 1 && noun === "tickets") return openTicket(store, request);
  if (path.length === 1 && noun === "payments") return charge(store, request);
  if (path.length === 3 && noun === "tickets" && verb === "close")
    return closeTicket(store, request, id);
  if (path.length === 3 && noun === "payments" && verb === "refund")
    return refund(store, request, id);
  return refuse(404, "not_found", "There is nothing at this path.");
}

/** A refusal in the shape of the product's errors. */
export function refuse(httpStatus: number, code: string, message: string): Outcome {
  return { httpStatus, answer: { error: { code, message } }, isReplay: false };
}

function openTicket(store: SandboxStore, request: SandboxRequest): Outcome {
  const body = TicketBodySchema.safeParse(request.body);
  if (!body.success) return badBody(body.error);
  return performOnce(store, { ...request, operation: "POST /tickets" }, () => {
    const ticket = {
      id: `tkt_${store.tickets.size + 1}`,
      ...body.data,
      state: "open" as const,
      resolution: null,
      created_at: request.at,
      closed_at: null,
    };
    return { httpStatus: 201, answer: ticket, change: { ticket } };
  });
}

function closeTicket(store: SandboxStore, request: SandboxRequest, id: string): Outcome {
  const body = CloseBodySchema.safeParse(request.body);
  if (!body.success) return badBody(body.error);
  const ticket = store.tickets.get(id);
  if (ticket === undefined) return found(ticket, `ticket "${id}"`);
  return performOnce(store, { ...request, operation: `POST /tickets/${id}/close` }, () => {
    const closed =
      ticket.state === "closed"
        ? ticket
        : {
            ...ticket,
            state: "closed" as const,
            resolution: body.data.resolution,
            closed_at: request.at,
          };
    return { httpStatus: 200, answer: closed, change: { ticket: closed } };
  });
}

function charge(store: SandboxStore, request: SandboxRequest): Outcome {
  const body = PaymentBodySchema.safeParse(request.body);
  if (!body.success) return badBody(body.error);
  return performOnce(store, { ...request, operation: "POST /payments" }, () => {
    const payment = {
      id: `pay_${store.payments.size + 1}`,
      ...body.data,
      state: "charged" as const,
      reason: null,
      created_at: request.at,
      refunded_at: null,
    };
    return { httpStatus: 201, answer: payment, change: { payment } };
  });
}

function refund(store: SandboxStore, request: SandboxRequest, id: string): Outcome {
  const body = RefundBodySchema.safeParse(request.body);
  if (!body.success) return badBody(body.error);
  const payment = store.payments.get(id);
  if (payment === undefined) return found(payment, `payment "${id}"`);
  return performOnce(store, { ...request, operation: `POST /payments/${id}/refund` }, () => {
    const refunded =
      payment.state === "refunded"
        ? payment
        : {
            ...payment,
            state: "refunded" as const,
            reason: body.data.reason,
            refunded_at: request.at,
          };
    return { httpStatus: 200, answer: refunded, change: { payment: refunded } };
  });
}

function findEffect(store: SandboxStore, key: string): Outcome {
  const effect = store.effects.get(key);
  if (effect === undefined) return refuse(404, "not_found", "Nothing was done under this key.");
  return ok({
    key,
    state: "recorded",
    operation: effect.operation,
    calls: store.calls.get(key) ?? 0,
    recorded_at: effect.recorded_at,
    answer: effect.answer,
  });
}

function newest<Item extends JsonObject>(
  items: ReadonlyMap<string, Item>,
  query: URLSearchParams,
  isListed: (item: Item) => boolean,
): Item[] {
  const limit = Math.min(1_000, Math.max(1, Number(query.get("limit") ?? 100) || 100));
  return [...items.values()].filter(isListed).reverse().slice(0, limit);
}

function isWanted(query: URLSearchParams, state: string): boolean {
  const wanted = query.get("state") ?? "";
  return wanted === "" || wanted === state;
}

function found(item: JsonObject | undefined, name: string): Outcome {
  return item === undefined ? refuse(404, "not_found", `There is no ${name}.`) : ok(item);
}

function ok(answer: JsonObject): Outcome {
  return { httpStatus: 200, answer, isReplay: false };
}

function badBody(error: z.ZodError): Outcome {
  const first = error.issues[0];
  return refuse(
    400,
    "invalid_request",
    `The body is not right at "${first?.path.join(".") ?? ""}": ${first?.message ?? "unknown"}.`,
  );
}
