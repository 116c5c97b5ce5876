import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** 64 MiB and about 0.2 s per guess: OWASP's second scrypt setting (N = 2^16, r = 8, p = 2) at one lane. */
const COST = { N: 2 ** 16, r: 8, p: 1 };
const KEY_BYTES = 32;
const MAX_PASSWORD_CHARACTERS = 1024;

type Cost = typeof COST;

/** A password as it is stored: `scrypt$N$r$p$salt$hash`, salted, so that equal passwords differ. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, COST);
  return [
    "scrypt",
    COST.N,
    COST.r,
    COST.p,
    salt.toString("base64url"),
    hash.toString("base64url"),
  ].join("$");
}

/**
 * True where the password is the one that was hashed. Null stands for a person who does not exist or has no
 * password: it is never right, but takes as long, so that the time tells nobody which addresses exist.
 */
export async function isPasswordRight(password: string, stored: string | null): Promise<boolean> {
  const parsed = stored === null ? null : parseStored(stored);
  const { cost, salt, hash } = parsed ?? {
    cost: COST,
    salt: Buffer.alloc(16),
    hash: Buffer.alloc(KEY_BYTES),
  };
  const derived = await derive(password.slice(0, MAX_PASSWORD_CHARACTERS), salt, cost);
  const isEqual = derived.byteLength === hash.byteLength && timingSafeEqual(derived, hash);
  return isEqual && parsed !== null && password.length <= MAX_PASSWORD_CHARACTERS;
}

function parseStored(stored: string): { cost: Cost; salt: Buffer; hash: Buffer } | null {
  const match = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored);
  const [, N, r, p, salt, hash] = match ?? [];
  if (salt === undefined || hash === undefined) return null;
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, "base64url"),
    hash: Buffer.from(hash, "base64url"),
  };
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const memory = 256 * cost.N * cost.r;
  scrypt(password.normalize("NFKC"), salt, KEY_BYTES, { ...cost, maxmem: memory }, (error, key) =>
    error === null ? resolve(key) : reject(error),
  );
  return promise;
}
