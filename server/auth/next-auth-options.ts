import type { AuthOptions, User } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { z } from "zod";
import { ADDRESS_HEADER } from "./client-address.ts";
import { refusalCode } from "./refusal-code.ts";
import { type OidcSettings, requireSignIn } from "./sign-in-port.ts";

const SESSION_SECONDS = 12 * 3600;
const CredentialsSchema = z.object({
  email: z.string().min(1).max(320),
  password: z.string().min(1).max(1024),
});
const ProfileSchema = z.object({
  sub: z.string(),
  email: z.email(),
  email_verified: z.boolean().optional(),
  name: z.string().optional(),
});

/** How people sign in: by password, and by OpenID Connect where it is configured. Sessions are encrypted cookies. */
export function nextAuthOptions(): AuthOptions {
  const { signIn, authSecret, oidc } = requireSignIn();
  return {
    secret: authSecret,
    session: { strategy: "jwt", maxAge: SESSION_SECONDS, updateAge: 900 },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    providers: [passwordProvider(), ...(oidc === null ? [] : [oidcProvider(oidc)])],
    callbacks: {
      async signIn({ user, account }) {
        if (account?.provider !== "oidc") return true;
        const known = await signIn.withVerifiedEmail(user.email ?? "");
        if (known === null) return "/sign-in?error=AccessDenied";
        user.id = known.id;
        return true;
      },
      jwt: ({ token, user }) =>
        isUser(user) ? { sub: user.id, name: user.name ?? null, email: user.email ?? null } : token,
      session: ({ session }) => session,
    },
    logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
  };
}

function isUser(user: unknown): user is User {
  return typeof user === "object" && user !== null && "id" in user && typeof user.id === "string";
}

function passwordProvider() {
  return CredentialsProvider({
    id: "credentials",
    name: "Password",
    credentials: {
      email: { label: "E-mail", type: "email" },
      password: { label: "Password", type: "password" },
    },
    async authorize(credentials, request) {
      const parsed = CredentialsSchema.safeParse(credentials);
      if (!parsed.success) return null;
      const address = z.string().catch("unknown").parse(request.headers?.[ADDRESS_HEADER]);
      try {
        return await requireSignIn().signIn.withPassword({ ...parsed.data, address });
      } catch (thrown) {
        // next-auth hands the message to the sign-in page as `error`.
        throw new Error(refusalCode(thrown), { cause: thrown });
      }
    },
  });
}

function oidcProvider(oidc: OidcSettings): OAuthConfig<unknown> {
  return {
    id: "oidc",
    name: oidc.name,
    type: "oauth",
    wellKnown: `${oidc.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    authorization: { params: { scope: "openid email profile" } },
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    profile: (claims) => {
      const profile = ProfileSchema.parse(claims);
      // An address that the provider does not vouch for could be anybody's.
      return {
        id: profile.sub,
        name: profile.name ?? profile.email,
        email: profile.email_verified === false ? "" : profile.email,
      };
    },
  };
}
