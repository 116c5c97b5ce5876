import * as fc from "fast-check";
import { expect, test } from "vitest";
import { classifyAddress } from "./address-class.ts";

const hex = (a: number, b: number) => ((a << 8) | b).toString(16);

test.each([
  "169.254.169.254",
  "100.100.100.200",
  "fd00:ec2::254",
  "FD00:0EC2:0:0:0:0:0:254",
  "::ffff:169.254.169.254",
  "::ffff:a9fe:a9fe",
  "64:ff9b::169.254.169.254",
  "2002:a9fe:a9fe::1",
  "::169.254.169.254",
  "2001:db8::5efe:169.254.169.254",
  "169.254.170.2",
])("%s is a metadata address", (address) => {
  expect(classifyAddress(address)).toBe("metadata");
});

test.each([
  "127.0.0.1",
  "127.8.9.1",
  "10.0.0.1",
  "172.31.0.1",
  "192.168.1.1",
  "100.64.0.1",
  "169.254.1.1",
  "0.0.0.0",
  "0.1.2.3",
  "192.0.2.1",
  "198.18.0.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "fe80::1",
  "fe80::1%eth0",
  "fc00::1",
  "ff02::1",
  "::ffff:127.0.0.1",
  "::ffff:0:10.0.0.1",
  "64:ff9b::10.0.0.1",
  "64:ff9b:1::10.0.0.1",
  "2002:7f00:1::",
  "2001:0:1::1",
  "2001:db8::1",
  "fec0::1",
  "localhost",
  "",
])("%s is not public", (address) => {
  expect(classifyAddress(address)).toBe("private");
});

test.each([
  "1.1.1.1",
  "8.8.8.8",
  "2606:4700:4700::1111",
  "64:ff9b::8.8.8.8",
  "2002:808:808::1",
  "::ffff:8.8.8.8",
])("%s is public", (address) => {
  expect(classifyAddress(address)).toBe("public");
});

test("an IPv4 address counts the same in every IPv6 dress", () => {
  const byte = fc.nat(255);
  fc.assert(
    fc.property(byte, byte, byte, byte, (a, b, c, d) => {
      fc.pre(a + b + c > 0); // ::0.0.0.1 is the IPv6 loopback itself
      const dotted = [a, b, c, d].join(".");
      const plain = classifyAddress(dotted);
      for (const dress of [
        `::ffff:${dotted}`,
        `::${dotted}`,
        `64:ff9b::${dotted}`,
        `2002:${hex(a, b)}:${hex(c, d)}::`,
      ]) {
        expect([dress, classifyAddress(dress)]).toEqual([dress, plain]);
      }
    }),
  );
});
