import { type Command, Option } from "commander";
import { DELIVERY_STATUSES } from "../../core/notice.ts";
import { DeliveryAnswer, DeliveryPageAnswer, RedeliveredAnswer } from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import { usageError } from "../cli-error.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../help-text.ts";
import { wholeNumber } from "../input/whole-number.ts";
import { renderDeliveries } from "../notices/render-notices.ts";
import { openSession, type Session } from "../session.ts";

type ListOptions = { status?: string; limit: number; cursor?: string };

/** `orca notices list` and `redeliver`: what was sent, and sending it again. */
export function addNoticeDeliveryCommands(notices: Command, cli: Cli): void {
  notices
    .command("list")
    .description("list notices on their way and what became of them, newest first")
    .addHelpText("after", examples(["orca notices list --status dead", "what nobody took"]))
    .addOption(new Option("--status <status>", "only these").choices([...DELIVERY_STATUSES]))
    .addOption(
      new Option("-n, --limit <number>", "how many")
        .default(50)
        .argParser(wholeNumber("--limit", 1, 500)),
    )
    .option("--cursor <cursor>", "the page after another one")
    .action(async ({ status, limit, cursor }: ListOptions, command: Command) => {
      const session = openSession(command, cli.terminal);
      const query = { status, limit, cursor };
      const page = await session.client.get("/notices", DeliveryPageAnswer, { query });
      const { terminal } = session;
      if (session.isJson) return session.printDocument(page);
      if (page.items.length === 0) return terminal.err.line("No notices.");
      session.printLines(renderDeliveries(page.items, terminal));
      if (page.next_cursor !== null)
        terminal.err.line(terminal.err.paint("quiet", `More: --cursor ${page.next_cursor}`));
    });

  notices
    .command("redeliver")
    .description("send a notice again, under its own id; with --dead all that were given up")
    .addHelpText(
      "after",
      examples(
        ["orca notices redeliver dlv_3f2a…", "by its id"],
        ["orca notices redeliver --dead --channel chn_0199…", "all that this channel missed"],
      ),
    )
    .argument("[delivery]", "its id, as `orca notices list` shows it")
    .option("--dead", "all that were given up")
    .option("--channel <channel>", "with --dead: only those of this channel")
    .action(async (deliveryId: string | undefined, options: AgainOptions, command: Command) => {
      const session = openSession(command, cli.terminal);
      if (deliveryId === undefined) return redeliverDead(session, options);
      if (options.dead === true || options.channel !== undefined)
        throw usageError("Name a delivery, or say --dead, not both.");
      const path = `/notices/${segment(deliveryId)}/redeliver`;
      const told = await session.client.post(path, DeliveryAnswer, { body: {} });
      if (session.isJson) session.printDocument(told);
      else session.printLines(renderDeliveries([told.delivery], session.terminal).slice(1));
    });
}

type AgainOptions = { dead?: boolean; channel?: string };

async function redeliverDead(session: Session, { dead, channel }: AgainOptions): Promise<void> {
  if (dead !== true) throw usageError("Name a delivery, or say --dead for all that were given up.");
  const body = channel === undefined ? {} : { channel_id: channel };
  const told = await session.client.post("/notices/redeliver", RedeliveredAnswer, { body });
  if (session.isJson) session.printDocument(told);
  else session.printLines([`${told.count} on ${told.count === 1 ? "its" : "their"} way again`]);
}
