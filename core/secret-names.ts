/** Whole names, and ends of names after a `_`, under which secrets stand. */
const SECRET_NAMES = [
  "authorization",
  "cookie",
  "password",
  "passwd",
  "pwd",
  "passphrase",
  "secret",
  "token",
  "api_key",
  "apikey",
  "private_key",
  "secret_key",
  "access_key",
  "signing_key",
  "encryption_key",
  "credential",
  "credentials",
];

/** True for a name of a field, header, parameter or variable that usually holds a secret, however it is written. */
export function isSecretName(name: string): boolean {
  const plain = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();
  return SECRET_NAMES.some((each) => plain === each || plain.endsWith(`_${each}`));
}
