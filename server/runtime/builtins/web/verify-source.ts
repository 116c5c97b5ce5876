import { isIP } from "node:net";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { parseUrl } from "./fetch-url.ts";

/**
 * Judges a web address by what it shows, without fetching it: https, a named host on the default port, no look-alike
 * characters (punycode). `trusted` says that no sign speaks against it, not that the content is true.
 */
export const verifySource: Builtin = (input) => {
  const url = parseUrl(new InputReader(input).text("url"));
  const host = url.hostname.toLowerCase();
  const doubts: string[] = [];
  if (url.protocol !== "https:") doubts.push("not encrypted (http)");
  if (isIP(host.replaceAll(/[[\]]/g, "")) !== 0) doubts.push("a bare address instead of a name");
  if (host === "localhost" || host.endsWith(".local") || !host.includes("."))
    doubts.push("a private host");
  if (url.port !== "") doubts.push(`an unusual port (${url.port})`);
  if (host.split(".").some((label) => label.startsWith("xn--")))
    doubts.push("letters that may imitate another name");
  return {
    trusted: doubts.length === 0,
    reason:
      doubts.length === 0
        ? "An encrypted address of a public name."
        : `Doubts: ${doubts.join("; ")}.`,
    normalized_source: {
      url: url.href,
      host,
      scheme: url.protocol.replace(":", ""),
      path: url.pathname,
    },
    status: "ok",
    rationale: "Judged by the address alone; the page was not fetched.",
  };
};
