import { pino, type Logger } from "pino";

/** What never stands in a log, wherever it appears. */
const SECRETS = [
  "password",
  "*.password",
  "authorization",
  "*.authorization",
  "cookie",
  "*.cookie",
  "key",
  "*.api_key",
  "secret",
  "*.secret",
];

/** Logs as one JSON object per line on standard error; standard output stays for what people asked for. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRETS, censor: "[removed]" },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
