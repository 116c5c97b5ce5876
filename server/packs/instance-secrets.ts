import { isSecretName } from "../../core/secret-names.ts";

/** Answers the values of secrets that this process was started with; `referenced` are variables that bindings name. */
export type InstanceSecrets = (referenced: Iterable<string>) => string[];

/** Run together with another word, as in PGPASSWORD. */
const SECRET_ENDING = /(PASSWORD|PASSWD|SECRET|TOKEN|KEY)$/i;
/** What is shorter says nothing by itself, such as a keyboard's `us`. */
const MIN_LENGTH = 6;

/** Knows the process's variables: by their names, the passwords of addresses among them, and by reference. */
export function createInstanceSecrets(
  env: Readonly<Record<string, string | undefined>>,
): InstanceSecrets {
  const named = Object.entries(env).flatMap(([name, value = ""]) => {
    const isSecret = isSecretName(name) || SECRET_ENDING.test(name);
    return [isSecret ? value : "", passwordIn(value)].filter((each) => each.length >= MIN_LENGTH);
  });
  return (referenced) => [
    ...named,
    ...[...referenced].flatMap((name) => env[name] ?? []).filter((value) => value !== ""),
  ];
}

function passwordIn(value: string): string {
  return decodeURIComponent(URL.parse(value)?.password ?? "");
}
