import type { NoticeChannelView, NoticeDeliveryView } from "../api/answers.ts";
import { type Column, renderTable } from "../terminal/render-table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Tone } from "../terminal/tone.ts";

const CHANNEL_COLUMNS: readonly Column[] = [
  { title: "CHANNEL" },
  { title: "NAME", shrinksTo: 10 },
  { title: "STATE" },
  { title: "ENVIRONMENT", leaves: 1 },
  { title: "TO", shrinksTo: 16 },
];

/** A table of channels. Ids are never cut: they are there to be copied. */
export function renderChannels(
  channels: readonly NoticeChannelView[],
  { out }: Pick<Terminal, "out">,
): string[] {
  const rows = channels.map((channel) => [
    channel.channel_id,
    channel.name,
    {
      text: channel.is_enabled ? "on" : "off",
      tone: channel.is_enabled ? "good" : "quiet",
    } as const,
    channel.environment ?? "all",
    channel.url ?? channel.recipients.join(", "),
  ]);
  return renderTable(CHANNEL_COLUMNS, rows, { width: out.width(), paint: out.paint });
}

const DELIVERY_COLUMNS: readonly Column[] = [
  { title: "DELIVERY" },
  { title: "STATUS" },
  { title: "TYPE", leaves: 2 },
  { title: "TRIES", leaves: 1 },
  { title: "APPROVAL", shrinksTo: 16 },
  { title: "LAST ERROR", shrinksTo: 16 },
];

const TONES: Record<NoticeDeliveryView["status"], Tone> = {
  pending: "busy",
  delivered: "good",
  dead: "bad",
};

/** A table of deliveries with what became of each. */
export function renderDeliveries(
  deliveries: readonly NoticeDeliveryView[],
  { out }: Pick<Terminal, "out">,
): string[] {
  const rows = deliveries.map((delivery) => [
    delivery.delivery_id,
    { text: delivery.status, tone: TONES[delivery.status] },
    delivery.type,
    String(delivery.attempts),
    delivery.approval_id,
    delivery.last_error ?? "–",
  ]);
  return renderTable(DELIVERY_COLUMNS, rows, { width: out.width(), paint: out.paint });
}
