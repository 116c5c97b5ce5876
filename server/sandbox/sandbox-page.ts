import { createHash } from "node:crypto";
import type { SandboxStore } from "./sandbox-store.ts";

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d8d8dc, #3a3a40); --soft: light-dark(#5c5c66, #a0a0aa); --card: light-dark(#fff, #1c1c20); }
body { margin: 0; padding: 1.5rem; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#f6f6f8, #121214); color: light-dark(#17171a, #ececf0); }
main { max-width: 70rem; margin: auto; } h1 { font-size: 1.3rem; margin: 0; } h2 { font-size: 1rem; margin: 1.8rem 0 .5rem; } p { color: var(--soft); margin: .2rem 0; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
table { width: 100%; border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-top: 1px solid var(--line); }
thead th { border-top: 0; font-weight: 600; color: var(--soft); white-space: nowrap; } pre { margin: .3rem 0 0; white-space: pre-wrap; font: 13px/1.45 ui-monospace, monospace; max-height: 14rem; overflow: auto; }
summary { cursor: pointer; }`;

/** The content security policy of the page: no script, no outside resource, only its own style. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const MAX_ROWS = 200;

/** The page that lists what arrived, newest first. Everything that came from outside is escaped; it needs no script. */
export function renderSandboxPage(store: SandboxStore): string {
  const mails = newest(store.mails).map((mail) => [
    mail.received_at,
    escape(mail.to.join(", ")),
    `<details><summary>${escape(mail.subject || "(no subject)")}</summary><pre>${escape(mail.text)}</pre></details>`,
    escape(mail.from),
    escape(mail.run_id ?? ""),
  ]);
  const tickets = newest(store.tickets).map((ticket) => [
    ticket.created_at,
    escape(ticket.id),
    `<details><summary>${escape(ticket.title)}</summary><pre>${escape(ticket.body)}</pre></details>`,
    escape(ticket.priority),
    escape(ticket.resolution === null ? ticket.state : `${ticket.state}: ${ticket.resolution}`),
  ]);
  const payments = newest(store.payments).map((payment) => [
    payment.created_at,
    escape(payment.id),
    escape(payment.customer),
    `${(payment.amount_cents / 100).toFixed(2)} ${escape(payment.currency)}`,
    escape(payment.reference),
    escape(payment.reason === null ? payment.state : `${payment.state}: ${payment.reason}`),
  ]);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Orca sandbox</title><style>${STYLE}</style></head>
<body><main><h1>Orca sandbox</h1><p>Mail, tickets and payments that runs sent to this local stand-in. Nothing leaves this machine. Reload to see more.</p>
${section("Mails", ["Received", "To", "Subject", "From", "Run"], mails)}
${section("Tickets", ["Opened", "Id", "Title", "Priority", "State"], tickets)}
${section("Payments", ["Charged", "Id", "Customer", "Amount", "Reference", "State"], payments)}
</main></body></html>`;
}

function section(title: string, headings: readonly string[], rows: readonly string[][]): string {
  const body = rows
    .map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`)
    .join("\n");
  const table = `<div class="scroll"><table><thead><tr>${headings.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead><tbody>${body}</tbody></table></div>`;
  return `<section><h2>${title} (${rows.length}${rows.length === MAX_ROWS ? " newest" : ""})</h2>${rows.length === 0 ? "<p>Nothing yet.</p>" : table}</section>`;
}

function newest<Item>(items: ReadonlyMap<string, Item>): Item[] {
  return [...items.values()].reverse().slice(0, MAX_ROWS);
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
