const COMMANDS: readonly (readonly [route: RegExp, command: string])[] = [
  [/`?GET \/api\/v1\/skills\b(?!\/)`?/g, "`orca skills list`"],
  [/`?GET \/api\/v1\/runs\b(?!\/)`?/g, "`orca runs list`"],
  [/`?GET \/api\/v1\/runs\/(\w+)\/checkpoints\b(?!\/)`?/g, "`orca checkpoints $1`"],
];

/** A hint of the server with the routes it names as the commands that ask them. Other hints stay as they are. */
export function commandHint(hint: string | undefined): string | undefined {
  if (hint === undefined) return undefined;
  return COMMANDS.reduce((text, [route, command]) => text.replace(route, command), hint);
}
