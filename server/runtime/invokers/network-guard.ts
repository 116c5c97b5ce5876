import { lookup } from "node:dns/promises";
import type { LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector, type Dispatcher } from "undici";
import { DomainError } from "../../../core/errors.ts";
import { type AddressClass, classifyAddress } from "./address-class.ts";
import type { NetworkRules } from "./invoker.ts";

/** Finds the addresses of a host name. Called once per new connection. */
export type ResolveHost = (hostname: string) => Promise<LookupAddress[]>;

/** Connections that reach only what the rules of the environment allow: the address that was checked is the one connected to. */
export type NetworkGuard = {
  dispatcherFor(rules: NetworkRules): Dispatcher;
  close(): Promise<void>;
};

/** How long a connection may take to come up; a service that does not even accept in this time is down. */
const CONNECT_TIMEOUT_MS = 10_000;

/** What a guard asks of the world; tests hand in their own. */
export type GuardOptions = {
  resolveHost?: ResolveHost;
  classify?: (address: string) => AddressClass;
};

/** Makes the guard of a process. Close it at the end: it keeps idle connections. */
export function createNetworkGuard({
  resolveHost = resolveWithSystem,
  classify = classifyAddress,
}: GuardOptions = {}): NetworkGuard {
  const createFor = (rules: NetworkRules) =>
    createAgent((address) => refusalOf(classify(address), rules), resolveHost);
  const open = createFor({ allowPrivate: true });
  const strict = createFor({ allowPrivate: false });
  const inside = createFor({ allowPrivate: true, allowPublic: false });
  const closed = createFor({ allowPrivate: false, allowPublic: false });
  return {
    dispatcherFor(rules) {
      if (rules.allowPublic === false) return rules.allowPrivate ? inside : closed;
      return rules.allowPrivate ? open : strict;
    },
    async close() {
      await Promise.all([open, strict, inside, closed].map((agent) => agent.destroy()));
    },
  };
}

/** Parses a URL that may be called: http or https, without credentials in it. Throws `invalid_request`. */
export function parseCallableUrl(text: string, label: string): URL {
  const url = URL.parse(text);
  if (url === null)
    throw new DomainError("invalid_request", `The address of ${label} is no valid URL.`);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new DomainError(
      "invalid_request",
      `The address of ${label} uses ${url.protocol}//, only http and https can be called.`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new DomainError("invalid_request", `The address of ${label} carries credentials.`, {
      hint: "Send credentials in a header: metadata.headers with a ${VARIABLE} placeholder.",
    });
  }
  return url;
}

/** The address of a host is one that the rules keep calls away from. */
export class RefusedAddressError extends Error {
  override readonly name = "RefusedAddressError";
  readonly addressClass: AddressClass;

  constructor(addressClass: AddressClass) {
    super(`refused: ${addressClass} address`);
    this.addressClass = addressClass;
  }
}

type CheckAddress = (address: string) => RefusedAddressError | null;

/** Why an address of the class may not be called under the rules; null where it may. */
export function refusalOf(
  addressClass: AddressClass,
  rules: NetworkRules,
): RefusedAddressError | null {
  if (addressClass === "public" && rules.allowPublic !== false) return null;
  if (addressClass === "private" && rules.allowPrivate) return null;
  return new RefusedAddressError(addressClass);
}

function createAgent(check: CheckAddress, resolveHost: ResolveHost): Agent {
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    autoSelectFamily: true,
    lookup: createCheckedLookup(check, resolveHost),
  });
  return new Agent({
    // Waiting is bounded by the caller's own timer, which also covers a body that only drips.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(options, callback) {
      // A literal address never passes through the lookup, so it is checked here.
      const host = options.hostname.replace(/^\[|\]$/g, "");
      const refusal = isIP(host) === 0 ? null : check(host);
      if (refusal === null) connect(options, callback);
      else callback(refusal, null);
    },
  });
}

/** Hands on only addresses that passed; the connection goes to one of them without asking the resolver again. */
function createCheckedLookup(check: CheckAddress, resolveHost: ResolveHost): LookupFunction {
  return (hostname, options, answer) => {
    resolveHost(hostname).then(
      (found) => {
        const allowed = found.filter(({ address }) => check(address) === null);
        const [first] = allowed;
        if (first === undefined) answer(worstRefusal(found, check), "", 0);
        else if (options.all === true) answer(null, allowed);
        else answer(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => answer(error, "", 0),
    );
  };
}

function worstRefusal(found: readonly LookupAddress[], check: CheckAddress): Error {
  const refusals = found.map(({ address }) => check(address)).filter((refusal) => refusal !== null);
  const worst = refusals.find((refusal) => refusal.addressClass === "metadata") ?? refusals[0];
  return worst ?? new Error("the host name has no address");
}

/** Asks the machine's resolver, its hosts file included. */
export function resolveWithSystem(hostname: string): Promise<LookupAddress[]> {
  return lookup(hostname, { all: true });
}
