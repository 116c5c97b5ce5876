import { type Command, Option } from "commander";
import { DELIVERY_STATUSES, NOTICE_TYPES } from "../../core/notice.ts";
import {
  AddedWebhookAnswer,
  ChannelTestAnswer,
  DeliveryAnswer,
  DeliveryPageAnswer,
  NoticeChannelAnswer,
  NoticeChannelListAnswer,
  RedeliveredAnswer,
} from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import type { Cli } from "../cli.ts";
import { usageError } from "../cli-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { examples } from "../help-text.ts";
import { collect } from "../input/collect.ts";
import { wholeNumber } from "../input/whole-number.ts";
import { renderChannels, renderDeliveries } from "../notices/render-notices.ts";
import { openSession, type Session } from "../session.ts";

type ChannelOptions = { name: string; environment?: string; type: string[]; secret?: string };
type ListOptions = { status?: string; limit: number; cursor?: string };

/** `orca notices`: where people outside are told of approvals, and what became of it. */
export function addNoticesCommand(program: Command, cli: Cli): void {
  const notices = program
    .command("notices")
    .description("have people told of approvals by webhook or e-mail")
    .helpCommand(false)
    .addHelpText(
      "after",
      examples(
        ["orca notices add-webhook https://chat.example.com/hook --name chat", "to a URL, signed"],
        ["orca notices add-email team@example.com --name team", "by e-mail"],
        ["orca notices list --status dead", "what nobody took"],
        ["orca notices redeliver dlv_3f2a…", "try it again"],
        ["orca notices test chn_0199…", "does the channel work?"],
      ),
    );

  notices
    .command("channels")
    .description("list where notices are sent")
    .addHelpText("after", examples(["orca notices channels", "their ids"]))
    .action(async (_options: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const told = await session.client.get("/notice-channels", NoticeChannelListAnswer);
      if (session.isJson) session.printDocument(told);
      else if (told.items.length === 0) session.terminal.err.line("No channels.");
      else session.printLines(renderChannels(told.items, session.terminal));
    });

  withChannelOptions(
    notices
      .command("add-webhook")
      .description("send notices to a URL, signed as Standard Webhooks says")
      .argument("<url>", "http or https")
      .addHelpText(
        "after",
        examples(["orca notices add-webhook https://chat.example.com/hook --name chat", "signed"]),
      ),
  )
    .option("--secret <secret>", "whsec_…; one is made and shown once where it is absent")
    .action(async (url: string, { secret, ...options }: ChannelOptions, command: Command) => {
      const session = openSession(command, cli.terminal);
      const own = secret === undefined ? {} : { secret };
      const body = { url, ...own, ...channelBody(options) };
      const path = "/notice-channels/webhooks";
      const told = await session.client.post(path, AddedWebhookAnswer, { body });
      if (session.isJson) return session.printDocument(told);
      session.printLines([told.channel.channel_id]);
      session.terminal.err.line(`Its secret, shown this once: ${told.secret}`);
    });

  withChannelOptions(
    notices
      .command("add-email")
      .description("send notices by e-mail")
      .argument("<address...>", "who gets them")
      .addHelpText(
        "after",
        examples(["orca notices add-email team@example.com --name team", "to a team"]),
      ),
  ).action(async (recipients: string[], options: ChannelOptions, command: Command) => {
    const session = openSession(command, cli.terminal);
    const told = await session.client.post("/notice-channels/emails", NoticeChannelAnswer, {
      body: { recipients, ...channelBody(options) },
    });
    if (session.isJson) session.printDocument(told);
    else session.printLines([told.channel.channel_id]);
  });

  for (const verb of ["enable", "disable"] as const) {
    notices
      .command(verb)
      .description(verb === "enable" ? "send notices there again" : "send nothing there for now")
      .argument("<channel>", "the channel's id")
      .addHelpText("after", examples([`orca notices ${verb} chn_0199…`, "by its id"]))
      .action(async (channelId: string, _options: object, command: Command) => {
        const session = openSession(command, cli.terminal);
        const path = `/notice-channels/${segment(channelId)}/switch`;
        const body = { is_enabled: verb === "enable" };
        const told = await session.client.post(path, NoticeChannelAnswer, { body });
        if (session.isJson) session.printDocument(told);
        else session.printLines(renderChannels([told.channel], session.terminal).slice(1));
      });
  }

  notices
    .command("remove")
    .description("send nothing there any more")
    .addHelpText("after", examples(["orca notices remove chn_0199…", "by its id"]))
    .argument("<channel>", "the channel's id")
    .action(async (channelId: string, _options: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const path = `/notice-channels/${segment(channelId)}`;
      const told = await session.client.delete(path, NoticeChannelAnswer);
      if (session.isJson) session.printDocument(told);
      else session.terminal.err.line(`${told.channel.name} gets no notices any more.`);
    });

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

  notices
    .command("test")
    .description("send a channel a notice that tells of nothing, and say what became of it")
    .addHelpText("after", examples(["orca notices test chn_0199…", "exit code 1: not taken"]))
    .argument("<channel>", "the channel's id")
    .action(async (channelId: string, _options: object, command: Command) => {
      const session = openSession(command, cli.terminal);
      const path = `/notice-channels/${segment(channelId)}/test`;
      const told = await session.client.post(path, ChannelTestAnswer, { body: {} });
      if (!told.is_delivered) cli.exitCode = EXIT_CODE.failed;
      if (session.isJson) return session.printDocument(told);
      const { last_status: status, took_ms: tookMs, problem } = told;
      const answered = status === null ? "" : `, answered ${status}`;
      session.printLines([
        told.is_delivered ? `taken${answered} in ${tookMs} ms` : `not taken: ${problem ?? ""}`,
      ]);
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

function withChannelOptions(command: Command): Command {
  return command
    .requiredOption("--name <name>", "what to call it")
    .option("--environment <name>", "only of this environment")
    .addOption(
      new Option("--type <type>", "only these (repeatable)")
        .choices([...NOTICE_TYPES])
        .argParser(collect)
        .default([]),
    );
}

function channelBody({ name, environment, type }: ChannelOptions) {
  return {
    name,
    ...(environment === undefined ? {} : { environment }),
    ...(type.length === 0 ? {} : { types: type }),
  };
}
