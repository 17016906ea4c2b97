/** What an error from Postgres means: its SQLSTATE, and whether the data, the server or the way there is to blame. */

const MAX_CAUSES = 8;
/** First characters of SQLSTATE classes; so no `EPIPE` is taken for one. */
const SQLSTATE = /^[0-9FHPX][0-9A-Z]{4}$/;

/**
 * The SQLSTATE of an error, e.g. `23505`; undefined where Postgres did not answer at all (network, time limit, proxy).
 * Drizzle wraps what the driver throws, so the causes are looked through.
 */
export function postgresErrorCode(error: unknown): string | undefined {
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES && typeof current === "object" && current !== null; depth += 1) {
    const { code, cause } = current as { code?: unknown; cause?: unknown };
    if (typeof code === "string" && SQLSTATE.test(code)) return code;
    current = cause;
  }
  return undefined;
}

/**
 * Whether the error was caused by the data of one message: sending the same again fails again, while the other
 * messages of its batch may well succeed alone. Class 22: a value Postgres cannot take; class 23: a constraint;
 * 54000: a value too large for an index.
 */
export function isCausedByData(error: unknown): boolean {
  const code = postgresErrorCode(error);
  return code !== undefined && (code.startsWith("22") || code.startsWith("23") || code === "54000");
}

/** Classes and codes with which a server says that it, not the statement, is unwell. */
const SERVER_UNWELL = /^(08...|53...|57P..|58...|XX...)$/;

/** Whether the error means "this server cannot answer now", so that another one may be asked. */
export function isServerUnwell(error: unknown): boolean {
  const code = postgresErrorCode(error);
  return code === undefined || SERVER_UNWELL.test(code);
}

/** A standby cancels a long read that stands in the way of what it replays. Nothing is wrong with it. */
export function isRecoveryConflict(error: unknown): boolean {
  return postgresErrorCode(error) === "40001";
}
