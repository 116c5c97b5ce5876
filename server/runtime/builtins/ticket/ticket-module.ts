import type { Builtin, BuiltinModule } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { callSandbox } from "../sandbox-service.ts";
import { asText } from "../as-text.ts";

/** Opens a ticket in the sandbox service; the same ledger key opens it once. */
const createTicket: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const ticket = await callSandbox(context, "POST", "/tickets", {
    title: given.text("title"),
    body: given.text("description", ""),
    priority: given.text("priority", "medium"),
    labels: given.texts("labels", []),
  });
  const id = asText(ticket["id"]);
  return { ticket_id: id, created: true, ticket, status: "ok", rationale: `Opened ticket ${id}.` };
};

/** Closes a ticket with a resolution; closing a closed ticket changes nothing. */
const closeTicket: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const id = given.text("ticket_id");
  const ticket = await callSandbox(context, "POST", `/tickets/${encodeURIComponent(id)}/close`, {
    resolution: given.text("resolution", ""),
  });
  return {
    closed: ticket["state"] === "closed",
    ticket,
    status: "ok",
    rationale: `Ticket ${id} is ${asText(ticket["state"])}.`,
  };
};

/** The sandbox service's tickets, newest first, all or those in one `state` (open, closed). */
const listTickets: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const state = given.text("state", "");
  const { tickets } = await callSandbox(
    context,
    "GET",
    `/tickets?limit=${given.whole("limit", 50, 1, 500)}&state=${encodeURIComponent(state)}`,
  );
  const list = Array.isArray(tickets) ? tickets : [];
  return {
    tickets: list,
    total: list.length,
    status: "ok",
    rationale: `Found ${list.length} tickets.`,
  };
};

/** Module `orca.ticket`: tickets of the local sandbox service. */
export const TICKET_MODULE: BuiltinModule = {
  close: closeTicket,
  create: createTicket,
  list: listTickets,
};
