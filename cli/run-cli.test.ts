import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram } from "./create-program.ts";
import { runCli } from "./run-cli.ts";
import { capturedTerminal } from "./testing/captured-terminal.ts";
import { textWidth } from "./terminal/text-width.ts";

const run = async (args: string[]) => {
  const terminal = capturedTerminal();
  const exitCode = await runCli(args, terminal);
  return { exitCode, out: terminal.outText(), err: terminal.errText() };
};

function commandsOf(command: Command, path: string[] = []): string[][] {
  return command.commands.flatMap((child) => {
    const own = [...path, child.name()];
    return child.commands.length > 0 ? commandsOf(child, own) : [own];
  });
}
const COMMANDS = commandsOf(createProgram({ terminal: capturedTerminal(), exitCode: 0 }));

describe("the command line", () => {
  test("has every command that its pages name", () => {
    expect(COMMANDS.map((path) => path.join(" ")).sort()).toEqual(
      [
        "approvals claim",
        "approvals push-back",
        "approvals reassign",
        "approvals release",
        "approve",
        "cancel",
        "checkpoints",
        "deny",
        "diff",
        "effects get",
        "effects resolve",
        "fork",
        "groups create",
        "groups remove",
        "groups set",
        "import",
        "migrate",
        "notices add-email",
        "notices add-webhook",
        "notices channels",
        "notices disable",
        "notices enable",
        "notices list",
        "notices redeliver",
        "notices remove",
        "notices test",
        "pack import",
        "pack verify",
        "pause",
        "plan",
        "rebuild",
        "replay",
        "resume",
        "run",
        "runs cancel",
        "runs events",
        "runs get",
        "runs list",
        "runs pause",
        "runs resume",
        "runs signal",
        "runs steps",
        "runs watch",
        "server",
        "signal",
        "skills get",
        "skills list",
        "state",
        "status",
        "worker",
      ].sort(),
    );
  });

  test.each(COMMANDS)("%s %s explains itself with an example", async (...path) => {
    const args = path.filter((word) => word !== undefined);
    const { exitCode, out, err } = await run([...args, "--help"]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(out).toContain(`Usage: orca ${args.join(" ")}`);
    expect(out).toContain("Examples:");
    for (const line of out.split("\n")) expect(textWidth(line)).toBeLessThanOrEqual(100);
  });

  test("says its version and its exit codes", async () => {
    expect((await run(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run(["--help"])).out).toContain("3 the server refused (4xx)");
  });

  test.each([
    [["lst"], "unknown command 'lst'."],
    [["runs", "lst"], "Did you mean list?"],
    [["runs", "list", "--bogus"], "unknown option '--bogus'."],
    [["run"], "missing required argument 'skill'."],
    [["cancel", "run_1", "run_2"], "too many arguments"],
    [["runs", "list", "--status", "sleeping"], '--status is "sleeping"; expected pending, running'],
    [["runs", "list", "--limit", "0"], '--limit is "0"'],
    [["runs", "signal", "run_1", "go", "--payload", "{"], "--payload:1:2 is not JSON."],
    [["status", "--url", "here"], '--url is "here"'],
    [["run", "a@", "--input", "{}"], "a@ is not the name of a skill."],
    [["run", "a", "--timeout", "soon"], "is not a duration"],
    [["effects", "resolve", "eff_0_1"], "Say one of --happened"],
    [["effects", "resolve", "eff_0_1", "--happened", "--stop"], "Say one of --happened"],
    [["effects", "resolve", "eff_0_1", "--happened"], "--happened needs --result"],
    [["effects", "resolve", "eff_0_1", "--did-not-happen", "--result", "{}"], "--result belongs"],
    [["effects", "resolve", "eff_0_1", "--stop"], "--stop needs --comment"],
    [["effects", "resolve", "eff_0_1", "--happened", "--result", "{"], "--result:1:2 is not JSON."],
  ])("%j is a usage error", async (args, message) => {
    const { exitCode, out, err } = await run(args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(err).toContain(message);
  });

  test("without a command shows its help beside an exit code of 2", async () => {
    for (const args of [[], ["runs"]]) {
      const { exitCode, out, err } = await run(args);
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
      expect(err).toMatch(/^Usage: orca/);
    }
  });

  test("with --json gives errors as one document on standard error", async () => {
    const { exitCode, out, err } = await run(["runs", "get", "--json"]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(JSON.parse(err)).toMatchObject({ error: { code: "usage" }, trace_id: null });
  });
});
