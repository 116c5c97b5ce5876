import type { SignIn } from "./sign-in.ts";

export type OidcSettings = { issuer: string; clientId: string; clientSecret: string; name: string };
export type SignInPort = { signIn: SignIn; authSecret: string; oidc: OidcSettings | null };

declare global {
  var orcaSignInPort: SignInPort | undefined;
}

/**
 * Lets next-auth's route reach the process's own sign-in. Next bundles a second copy of everything that a route
 * imports; through this one place the copy uses the same database pool and the same counters of guesses.
 */
export function provideSignIn(port: SignInPort): void {
  globalThis.orcaSignInPort = port;
}

/** The process's sign-in. Throws where no server of ours runs in this process. */
export function requireSignIn(): SignInPort {
  const port = globalThis.orcaSignInPort;
  if (port === undefined) throw new Error("Sign-in is only served by server/main.ts.");
  return port;
}
