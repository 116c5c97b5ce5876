import nextAuthJwt from "next-auth/jwt";
import { z } from "zod";

const COOKIE_NAMES = ["__Secure-next-auth.session-token", "next-auth.session-token"];
const SessionTokenSchema = z.object({ sub: z.string().min(1) });

/** The id of the user whose session a Cookie header carries, or null; forged and expired sessions are null too. */
export async function readSessionUserId(
  cookieHeader: string | undefined,
  secret: string,
): Promise<string | null> {
  const cookies = parseCookies(cookieHeader ?? "");
  for (const name of COOKIE_NAMES) {
    const token = joinChunks(cookies, name);
    if (token === null) continue;
    const parsed = SessionTokenSchema.safeParse(await decode(token, secret));
    if (parsed.success) return parsed.data.sub;
  }
  return null;
}

async function decode(token: string, secret: string): Promise<unknown> {
  try {
    return await nextAuthJwt.decode({ token, secret });
  } catch {
    return null;
  }
}

/** Cookies over 4 KiB come in numbered pieces. */
function joinChunks(cookies: ReadonlyMap<string, string>, name: string): string | null {
  const whole = cookies.get(name);
  if (whole !== undefined) return whole;
  let joined = "";
  for (let index = 0; cookies.has(`${name}.${index}`); index += 1)
    joined += cookies.get(`${name}.${index}`) ?? "";
  return joined === "" ? null : joined;
}

function parseCookies(header: string): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals > 0) cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
  }
  return cookies;
}
