import type { IncomingHttpHeaders } from "node:http";

/**
 * True where a browser says that the request comes from our own pages (Sec-Fetch-Site, or Origin where it is older).
 * A request that says neither is not taken for one of ours: only browsers carry sessions.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, publicOrigin: string | null): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  const { origin, host } = headers;
  if (origin === undefined) return false;
  if (publicOrigin !== null && origin === publicOrigin) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
