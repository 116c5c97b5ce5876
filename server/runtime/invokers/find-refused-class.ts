import { isIP } from "node:net";
import { type AddressClass, classifyAddress } from "./address-class.ts";
import type { NetworkRules } from "./invoker.ts";
import { refusalOf, type ResolveHost } from "./network-guard.ts";
import { startTimer } from "./timing.ts";

/** A name that is not resolved by then is looked at when it is called. */
const RESOLVE_TIMEOUT_MS = 2_000;

/**
 * Says beforehand whether calls of a URL would be refused: the class of its address, or null where it may be called or
 * its name is not known. Only a look ahead; the guard checks each connection, since names may lead elsewhere later.
 */
export async function findRefusedClass(
  { hostname }: URL,
  rules: NetworkRules,
  resolveHost: ResolveHost,
): Promise<AddressClass | null> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) === 0 ? await resolveInTime(resolveHost, host) : [host];
  const refused = addresses.flatMap(
    (address) => refusalOf(classifyAddress(address), rules)?.addressClass ?? [],
  );
  if (refused.length < addresses.length) return null;
  return refused.find((addressClass) => addressClass === "metadata") ?? refused[0] ?? null;
}

async function resolveInTime(resolveHost: ResolveHost, host: string): Promise<string[]> {
  const late = Promise.withResolvers<[]>();
  const stopTimer = startTimer(RESOLVE_TIMEOUT_MS, () => late.resolve([]));
  try {
    const found = await Promise.race([resolveHost(host), late.promise]);
    return found.map(({ address }) => address);
  } catch {
    return [];
  } finally {
    stopTimer();
  }
}
