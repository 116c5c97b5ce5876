import { resolve } from "node:path";
import { z } from "zod";
import { DomainError } from "../core/errors.ts";
import { DEFAULT_DATA_DIR } from "./data-dir.ts";
import { readGeneratedSecret } from "./generated-secret.ts";

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** One variable: how it is read, and in words what it must be. */
const text = (expected: string) => z.string({ error: expected }).min(1, expected);
const integer = (from: number, to: number, expected: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, expected)
    .transform(Number)
    .refine((value) => value >= from && value <= to, expected);
const url = (protocols: string[], expected: string) =>
  z.string().refine((value) => protocols.includes(URL.parse(value)?.protocol ?? ""), expected);

const SHORTEST_SECRET = 32;

const VARIABLES = {
  PORT: integer(0, 65_535, "a port number from 0 to 65535 (0 takes any free one)").default(3000),
  HOST: text("a host name or address")
    .regex(/^\S+$/, "a host name or address")
    .default("127.0.0.1"),
  DATABASE_URL: url(
    ["postgres:", "postgresql:"],
    "an address like postgresql://user:password@host:5432/database",
  ).optional(),
  ORCA_DATA_DIR: text("the path of a folder").optional(),
  REDIS_URL: url(["redis:", "rediss:"], "an address like redis://host:6379").optional(),
  ORCA_BOOTSTRAP_API_KEY: z
    .string()
    .regex(/^\S{24,}$/, "at least 24 characters without spaces")
    .optional(),
  ORCA_ADMIN_EMAIL: z.email("an e-mail address").toLowerCase().optional(),
  ORCA_ADMIN_PASSWORD: z.string().min(12, "at least 12 characters").optional(),
  ORCA_ENCRYPTION_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, "64 hex digits (openssl rand -hex 32)")
    .optional(),
  AUTH_SECRET: z.string().min(SHORTEST_SECRET, `at least ${SHORTEST_SECRET} characters`).optional(),
  ORCA_LOG_LEVEL: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(", ")}`).default("info"),
  ORCA_METRICS_OPEN: z.enum(["0", "1"], "0 or 1").default("0"),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(
    ["http:", "https:"],
    "an address like http://collector:4318",
  ).optional(),
  ORCA_PUBLIC_URL: url(
    ["http:", "https:"],
    "the address that browsers use, like https://orca.example.com",
  ).optional(),
  ORCA_HEALTH_PORT: integer(0, 65_535, "a port number from 0 to 65535").optional(),
  ORCA_SEARCH_URL: url(
    ["http:", "https:"],
    "the address of a search endpoint that answers JSON",
  ).optional(),
  ORCA_SANDBOX_PORT: integer(0, 65_535, "a port number from 0 to 65535").default(0),
  ORCA_SANDBOX_SMTP_PORT: integer(0, 65_535, "a port number from 0 to 65535").default(0),
  ORCA_ALLOW_STDIO_MCP: z.enum(["0", "1"], "0 or 1").default("0"),
  AUTH_OIDC_ISSUER: url(
    ["http:", "https:"],
    "an issuer's address like https://login.example.com",
  ).optional(),
  AUTH_OIDC_CLIENT_ID: text("the client id that the issuer gave").optional(),
  AUTH_OIDC_CLIENT_SECRET: text("the client secret that the issuer gave").optional(),
  AUTH_OIDC_NAME: text("the provider's name as people know it").default("Single sign-on"),
  ORCA_SMTP_URL: url(
    ["smtp:", "smtps:"],
    "the address of a mail server, like smtps://user:password@mail.example.com",
  ).optional(),
  ORCA_SMTP_FROM: text("the sender of notices, like orca@example.com")
    .regex(/^[^\r\n]*@[^\r\n]*$/, "the sender of notices, like orca@example.com")
    .optional(),
  ORCA_NOTICE_RETENTION_DAYS: integer(1, 36_500, "a number of days from 1 to 36500").default(7),
  ORCA_DEAD_NOTICE_RETENTION_DAYS: integer(1, 36_500, "a number of days from 1 to 36500").default(
    30,
  ),
  ORCA_WORKER_CONCURRENCY: integer(1, 100_000, "a number of runs from 1 to 100000").default(1000),
};

/** Never shown, not even when they are wrong. */
const SECRETS = new Set([
  "DATABASE_URL",
  "REDIS_URL",
  "ORCA_BOOTSTRAP_API_KEY",
  "ORCA_ADMIN_PASSWORD",
  "ORCA_ENCRYPTION_KEY",
  "AUTH_SECRET",
  "AUTH_OIDC_CLIENT_SECRET",
  "ORCA_SMTP_URL",
]);

/** Everything the environment says, read once at the start. An absent optional value is null. */
export type Config = {
  /** 0 takes any free port. */
  port: number;
  host: string;
  /** Null: the embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | null;
  /** Absolute. */
  dataDir: string;
  /** Null: events travel through PostgreSQL only. */
  redisUrl: string | null;
  bootstrapApiKey: string | null;
  adminEmail: string | null;
  adminPassword: string | null;
  /** 32 bytes as 64 hex digits. */
  encryptionKey: string;
  authSecret: string;
  logLevel: (typeof LOG_LEVELS)[number];
  areMetricsOpen: boolean;
  /** Null: no traces are sent. */
  otlpEndpoint: string | null;
  /** Where browsers reach the server when that is not the Host they send; null: as they ask for it. */
  publicUrl: string | null;
  /** Where `orca worker` answers /healthz, /readyz and /metrics; null: nowhere. */
  healthPort: number | null;
  /** Answers `GET <searchUrl>?q=…&limit=…` with JSON results; null: skills that search say so. */
  searchUrl: string | null;
  /** Where the server's sandbox service listens on 127.0.0.1; 0 takes free ports, which workers cannot know. */
  sandbox: { httpPort: number; smtpPort: number };
  /** Lets MCP services start commands on this machine: whoever may import a service could then run anything here. */
  isStdioMcpAllowed: boolean;
  /** The OpenID Connect provider that people may sign in with; null: passwords only. */
  oidc: { issuer: string; clientId: string; clientSecret: string; name: string } | null;
  /** The server that notices go through by e-mail, and their sender; null: none are sent. */
  mail: { url: string; from: string } | null;
  /** How many days notices are kept that were delivered, and that were given up. */
  noticeRetention: { deliveredDays: number; deadDays: number };
  /** How many runs a process keeps active at once. */
  workerConcurrency: number;
};

/**
 * Reads and checks every variable that Orca knows; an empty one counts as absent. Throws one
 * `invalid_configuration` that names all wrong variables with what was expected. Makes AUTH_SECRET and
 * ORCA_ENCRYPTION_KEY in the data folder where the environment has none.
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = z.object(VARIABLES).safeParse(given);
  if (!parsed.success) throw toConfigurationError(parsed.error, given);
  const values = parsed.data;
  const dataDir =
    values.ORCA_DATA_DIR === undefined ? DEFAULT_DATA_DIR : resolve(values.ORCA_DATA_DIR);
  return {
    port: values.PORT,
    host: values.HOST,
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir,
    redisUrl: values.REDIS_URL ?? null,
    bootstrapApiKey: values.ORCA_BOOTSTRAP_API_KEY ?? null,
    adminEmail: values.ORCA_ADMIN_EMAIL ?? null,
    adminPassword: values.ORCA_ADMIN_PASSWORD ?? null,
    encryptionKey: values.ORCA_ENCRYPTION_KEY ?? readGeneratedSecret(dataDir, "encryption-key"),
    authSecret: values.AUTH_SECRET ?? readGeneratedSecret(dataDir, "auth-secret"),
    logLevel: values.ORCA_LOG_LEVEL,
    areMetricsOpen: values.ORCA_METRICS_OPEN === "1",
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    publicUrl: values.ORCA_PUBLIC_URL ?? null,
    healthPort: values.ORCA_HEALTH_PORT ?? null,
    searchUrl: values.ORCA_SEARCH_URL ?? null,
    sandbox: { httpPort: values.ORCA_SANDBOX_PORT, smtpPort: values.ORCA_SANDBOX_SMTP_PORT },
    isStdioMcpAllowed: values.ORCA_ALLOW_STDIO_MCP === "1",
    oidc: oidcOf(values),
    mail: mailOf(values),
    noticeRetention: {
      deliveredDays: values.ORCA_NOTICE_RETENTION_DAYS,
      deadDays: values.ORCA_DEAD_NOTICE_RETENTION_DAYS,
    },
    workerConcurrency: values.ORCA_WORKER_CONCURRENCY,
  };
}

type Values = z.output<z.ZodObject<typeof VARIABLES>>;

/** All three or none: half a provider is a mistake that should not wait for somebody's first sign-in. */
function oidcOf(values: Values): Config["oidc"] {
  const {
    AUTH_OIDC_ISSUER: issuer,
    AUTH_OIDC_CLIENT_ID: clientId,
    AUTH_OIDC_CLIENT_SECRET: clientSecret,
  } = values;
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) return null;
  if (issuer !== undefined && clientId !== undefined && clientSecret !== undefined) {
    return { issuer, clientId, clientSecret, name: values.AUTH_OIDC_NAME };
  }
  throw new DomainError(
    "invalid_configuration",
    "AUTH_OIDC_ISSUER, AUTH_OIDC_CLIENT_ID and AUTH_OIDC_CLIENT_SECRET belong together; some of them are missing.",
    {
      hint: "Set all three to sign in through the provider, or none.",
      details: { variables: ["AUTH_OIDC_ISSUER"] },
    },
  );
}

function mailOf({ ORCA_SMTP_URL: server, ORCA_SMTP_FROM: from }: Values): Config["mail"] {
  if (server === undefined && from === undefined) return null;
  if (server !== undefined && from !== undefined) return { url: server, from };
  throw new DomainError(
    "invalid_configuration",
    "ORCA_SMTP_URL and ORCA_SMTP_FROM belong together; one of them is missing.",
    {
      hint: "Set both to send notices by e-mail, or none.",
      details: { variables: [server === undefined ? "ORCA_SMTP_URL" : "ORCA_SMTP_FROM"] },
    },
  );
}

function toConfigurationError(
  error: z.ZodError,
  given: Record<string, string | undefined>,
): DomainError {
  const expectations = new Map(error.issues.map((issue) => [String(issue.path[0]), issue.message]));
  const problems = [...expectations].map(([variable, expected]) => {
    const value = SECRETS.has(variable)
      ? "has a value that does not fit"
      : `is "${given[variable]}"`;
    return `${variable} ${value}; expected ${expected}`;
  });
  return new DomainError("invalid_configuration", `${problems.join(".\n")}.`, {
    hint: "docs/operations/configuration.md lists every variable.",
    details: { variables: [...expectations.keys()] },
  });
}
