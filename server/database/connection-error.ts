const SYSTEM_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
]);
/** SQLSTATE classes: 08 connection, 57P shutting down or starting up, 53300 too many connections. */
const SQL_STATES = /^(08|57P|53300)/;
/** What node-postgres says without a code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/;

/** True where an error says that the database is not there at the moment, and not that a statement is wrong. */
export function isConnectionError(thrown: unknown, depth = 0): boolean {
  if (!(thrown instanceof Error) || depth > 5) return false;
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  // P1001, P1002, P1017: Prisma's words for the same.
  const isAway = SYSTEM_CODES.has(code) || SQL_STATES.test(code) || /^P10(01|02|17)$/.test(code);
  return isAway || MESSAGES.test(thrown.message) || isConnectionError(thrown.cause, depth + 1);
}
