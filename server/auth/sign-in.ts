import { DomainError } from "../../core/errors.ts";
import { findUserByEmail } from "../database/auth-repository.ts";
import type { Database } from "../database/client.ts";
import { isPasswordRight } from "./password-hash.ts";
import { createRateLimiter } from "./rate-limiter.ts";

export type SignInAttempt = { email: string; password: string; address: string };
export type SignedInUser = { id: string; email: string; name: string };

/** What the sign-in page's own bundle calls; handed over by server/auth/sign-in-port.ts. */
export type SignIn = {
  /** The person, or null where e-mail and password do not belong together. Throws `rate_limited`. */
  withPassword(attempt: SignInAttempt): Promise<SignedInUser | null>;
  /** The person whose identity provider vouches for this address, or null where nobody here has it. */
  withVerifiedEmail(email: string): Promise<SignedInUser | null>;
};

/**
 * Ten guesses at once per address and per account, then one every 10 s: enough for thumbs, too slow for guessing. A
 * right password is no guess and is given back, so that a whole office behind one address gets in of a morning.
 */
const GUESSES = { burst: 10, perSecond: 0.1 };
/** Each check takes 64 MiB for a fifth of a second; more at once would let strangers exhaust the memory. */
const MAX_CHECKS_AT_ONCE = 4;

/** Signs people in, slowly for those who guess. */
export function createSignIn(dependencies: { database: Database; now: () => Date }): SignIn {
  const { database, now } = dependencies;
  const byAddress = createRateLimiter(GUESSES);
  const byAccount = createRateLimiter(GUESSES);
  let checks = 0;

  const refuse = (seconds: number): never => {
    throw new DomainError(
      "rate_limited",
      `Too many attempts to sign in. Try again in ${seconds} s.`,
      {
        details: { retry_after_seconds: seconds },
      },
    );
  };

  return {
    async withPassword({ email, password, address }) {
      const at = now();
      const wait = Math.max(byAddress.take(address, at), byAccount.take(email.toLowerCase(), at));
      if (wait > 0) refuse(wait);
      if (checks >= MAX_CHECKS_AT_ONCE) refuse(1);
      checks += 1;
      try {
        const user = await findUserByEmail(database, email);
        const isRight = await isPasswordRight(password, user?.passwordHash ?? null);
        if (user === null || !isRight) return null;
        byAddress.giveBack(address);
        byAccount.giveBack(email.toLowerCase());
        return { id: user.id, email: user.email, name: user.name };
      } finally {
        checks -= 1;
      }
    },
    async withVerifiedEmail(email) {
      const user = await findUserByEmail(database, email);
      return user === null ? null : { id: user.id, email: user.email, name: user.name };
    },
  };
}
