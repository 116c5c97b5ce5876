import { DomainError } from "../../../core/errors.ts";

/** Variables that bindings and services may name as `${UPPER_CASE}`. */
export type BindingEnv = Readonly<Record<string, string | undefined>>;

const PLACEHOLDER = /\$\{([A-Z][A-Z0-9_]*)\}/g;

/**
 * Puts the values of variables in place of their `${UPPER_CASE}` names and adds each value to `secrets`, so that
 * the caller can keep them out of messages. Throws `invalid_configuration` naming a variable that is not set.
 */
export function resolvePlaceholders(
  text: string,
  env: BindingEnv,
  place: string,
  secrets: Set<string>,
): string {
  return text.replace(PLACEHOLDER, (_, name: string) => {
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined || value === "") {
      throw new DomainError(
        "invalid_configuration",
        `${place} needs the environment variable ${name}, which is not set.`,
        {
          hint: `Set ${name} for the server and start it again.`,
          details: { variable: name },
        },
      );
    }
    secrets.add(value);
    return value;
  });
}

/** Shorter values are left alone: hiding every "1" would make a text unreadable and protects nothing. */
const MIN_SECRET_LENGTH = 4;

/** The text with every secret in it made `[hidden]`. */
export function hideSecrets(text: string, secrets: ReadonlySet<string>): string {
  let hidden = text;
  for (const secret of secrets) {
    if (secret.length >= MIN_SECRET_LENGTH) hidden = hidden.replaceAll(secret, "[hidden]");
  }
  return hidden;
}
