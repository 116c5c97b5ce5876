import { type Command, Option } from "commander";
import { NOTICE_TYPES } from "../../core/notice.ts";
import {
  AddedWebhookAnswer,
  ChannelTestAnswer,
  NoticeChannelAnswer,
  NoticeChannelListAnswer,
} from "../api/answers.ts";
import { segment } from "../api/api-client.ts";
import type { Cli } from "../cli.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { examples } from "../help-text.ts";
import { collect } from "../input/collect.ts";
import { renderChannels } from "../notices/render-notices.ts";
import { openSession } from "../session.ts";
import { addNoticeDeliveryCommands } from "./notice-delivery-commands.ts";

type ChannelOptions = { name: string; environment?: string; type: string[]; secret?: string };

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
  addNoticeDeliveryCommands(notices, cli);
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
