import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { loadConfig } from "./config.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "orca-config-"));
  return () => rmSync(dataDir, { recursive: true });
});

const load = (env: Record<string, string>) => loadConfig({ ORCA_DATA_DIR: dataDir, ...env });

test("without variables the server listens on 127.0.0.1:3000 over an embedded database", () => {
  expect(load({})).toMatchObject({
    host: "127.0.0.1",
    port: 3000,
    databaseUrl: null,
    redisUrl: null,
    logLevel: "info",
    areMetricsOpen: false,
    workerConcurrency: 1000,
  });
});

test("an empty variable counts as absent", () => {
  expect(load({ PORT: "", DATABASE_URL: "" })).toMatchObject({ port: 3000, databaseUrl: null });
});

test.each([
  ["PORT", "http", 'PORT is "http"; expected a port number from 0 to 65535'],
  ["PORT", "65536", 'PORT is "65536"; expected a port number'],
  ["PORT", "-1", 'PORT is "-1"; expected a port number'],
  ["HOST", "two words", 'HOST is "two words"; expected a host name or address'],
  [
    "DATABASE_URL",
    "mysql://db/orca",
    "DATABASE_URL has a value that does not fit; expected an address like postgresql://",
  ],
  ["DATABASE_URL", "localhost", "DATABASE_URL has a value"],
  [
    "REDIS_URL",
    "http://redis",
    "REDIS_URL has a value that does not fit; expected an address like redis://",
  ],
  ["ORCA_BOOTSTRAP_API_KEY", "short", "expected at least 24 characters without spaces"],
  ["ORCA_ADMIN_EMAIL", "root", 'ORCA_ADMIN_EMAIL is "root"; expected an e-mail address'],
  ["ORCA_ADMIN_PASSWORD", "hunter2", "expected at least 12 characters"],
  ["ORCA_ENCRYPTION_KEY", "0123", "expected 64 hex digits"],
  ["AUTH_SECRET", "0123", "expected at least 32 characters"],
  ["ORCA_LOG_LEVEL", "loud", 'ORCA_LOG_LEVEL is "loud"; expected one of trace, debug'],
  ["ORCA_METRICS_OPEN", "yes", 'ORCA_METRICS_OPEN is "yes"; expected 0 or 1'],
  [
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "collector:4318",
    "expected an address like http://collector:4318",
  ],
  ["ORCA_WORKER_CONCURRENCY", "0", 'ORCA_WORKER_CONCURRENCY is "0"; expected a number of runs'],
])("%s=%s is refused with what was expected", (variable, value, message) => {
  expect(() => load({ [variable]: value })).toThrow(message);
});

test("all wrong variables are named at once", () => {
  expect(() => load({ PORT: "x", ORCA_LOG_LEVEL: "y" })).toThrow(
    expect.objectContaining({
      code: "invalid_configuration",
      details: { variables: ["PORT", "ORCA_LOG_LEVEL"] },
    }),
  );
});

test("a refused secret is not repeated in the message", () => {
  expect(() =>
    load({ ORCA_ADMIN_PASSWORD: "hunter2", DATABASE_URL: "pg://me:swordfish@db" }),
  ).toThrow(/^(?![^]*(hunter2|swordfish))/);
});

test("absent keys are made once, closed to others, and the same at the next start", () => {
  const first = load({});
  expect(first.encryptionKey).toMatch(/^[0-9a-f]{64}$/);
  expect(first.authSecret).not.toBe(first.encryptionKey);
  expect(load({})).toEqual(first);
  for (const name of ["encryption-key", "auth-secret"]) {
    expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
  }
});

test("given keys are used and nothing is written", () => {
  const keys = { ORCA_ENCRYPTION_KEY: "ab".repeat(32), AUTH_SECRET: "s".repeat(32) };
  expect(load(keys)).toMatchObject({ encryptionKey: "ab".repeat(32), authSecret: "s".repeat(32) });
  expect(() => readFileSync(join(dataDir, "encryption-key"))).toThrow("ENOENT");
});

test("the e-mail address of the first administrator is lower-cased, as the database keeps it", () => {
  expect(load({ ORCA_ADMIN_EMAIL: "Ada@Example.com" }).adminEmail).toBe("ada@example.com");
});

test("a new data folder can be passed through but not listed by others", () => {
  const fresh = join(dataDir, "new", "orca");
  load({ ORCA_DATA_DIR: fresh });
  expect(statSync(fresh).mode & 0o777).toBe(0o711);
});

test("the operator's page names every variable", () => {
  const source = readFileSync(join(import.meta.dirname, "config.ts"), "utf8");
  const page = readFileSync(
    join(import.meta.dirname, "..", "docs", "operations", "configuration.md"),
    "utf8",
  );
  const variables = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((match) => match[1]);
  expect(variables).toContain("PORT");
  expect(variables.filter((variable) => !page.includes(`\`${variable}\``))).toEqual([]);
});
