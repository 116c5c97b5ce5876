import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * `metadata`: hands out credentials of the machine, never to be called. `private`: everything that is not
 * globally routable unicast (private, loopback, link-local, CGNAT, reserved, multicast, unspecified, tunnels).
 */
export type AddressClass = "public" | "private" | "metadata";

/** Metadata and credential endpoints of AWS (instance, container, pod), Alibaba, Google, Azure and Oracle. */
const METADATA_ADDRESSES = new Set(
  [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
  ].map((address) => ipaddr.parse(address).toNormalizedString()),
);

/**
 * Classifies an IP address as written by a resolver or a URL. An IPv4 address inside an IPv6 form (mapped,
 * compatible, translated, NAT64, 6to4, ISATAP) counts as what it leads to. What is no address is `private`.
 */
export function classifyAddress(address: string): AddressClass {
  const [bare = ""] = address.split("%"); // a zone id such as %eth0 does not change where the address points
  if (isIP(bare) === 0) return "private";
  const parsed = ipaddr.parse(bare);
  const inner = parsed instanceof ipaddr.IPv6 ? (embeddedIPv4(parsed) ?? parsed) : parsed;
  if (METADATA_ADDRESSES.has(inner.toNormalizedString())) return "metadata";
  return inner.range() === "unicast" ? "public" : "private";
}

function embeddedIPv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const parts = address.parts;
  const fromParts = (high = 0, low = 0) =>
    new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
  const tail = () => fromParts(parts[6], parts[7]);
  const head = parts.slice(0, 6);
  const isZero = (from: number, to: number) => head.slice(from, to).every((part) => part === 0);

  const isMapped = isZero(0, 5) && parts[5] === 0xffff;
  const isCompatible = isZero(0, 6) && (parts[6] !== 0 || (parts[7] ?? 0) > 1);
  const isTranslated = isZero(0, 4) && parts[4] === 0xffff && parts[5] === 0;
  const isNat64 = parts[0] === 0x64 && parts[1] === 0xff9b && (parts[2] ?? 0) <= 1 && isZero(3, 6);
  const isIsatap = (parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe;
  if (isMapped || isCompatible || isTranslated || isNat64 || isIsatap) return tail();
  if (parts[0] === 0x2002) return fromParts(parts[1], parts[2]);
  return null;
}
