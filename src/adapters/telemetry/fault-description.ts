/** What may be said about a fault outside the database: its name, its code, and a message without anyone's data. */

const MAX_MESSAGE_CHARACTERS = 300;
const MAX_CAUSES = 4;

/**
 * Credentials in the forms that libraries quote them in, addresses, and the values that errors quote: of databases `Key (email)=(…)`
 * and `"…"` after "invalid input syntax", of the JSON parser the beginning of what it could not read.
 */
const REDACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[^\s"']+/gi, "$1 (…)"],
  [/([?&](?:token|code|state|key|secret|password|email|query|q)=)[^&\s"']+/gi, "$1(…)"],
  [/\b(?:[rs]k_(?:live|test)_|whsec_|pi_\w+_secret_)\w+/g, "(secret)"],
  [/".*(?= is not valid JSON)/gs, "(text)"],
  [/[^\s"'()<>,;]+@[^\s"'()<>,;]+/g, "(address)"],
  [/=\([^)]*\)/g, "=(…)"],
  [/(?<=: )"[^"]*"/g, '"…"'],
];

export interface FaultDescription {
  readonly name: string;
  /** SQLSTATE, errno or the like, where there is one. */
  readonly code: string | null;
  readonly message: string;
}

/**
 * Describes anything that was thrown. A query library's own message quotes the query with its parameters, so where an
 * error has a cause, the innermost cause speaks.
 */
export function describeFault(thrown: unknown): FaultDescription {
  const chain = causesOf(thrown);
  const innermost = chain.at(-1);
  return {
    name: nameOf(chain[0]),
    code: chain.map(codeOf).findLast((code) => code !== null) ?? null,
    message: redact(messageOf(innermost)),
  };
}

function causesOf(thrown: unknown): unknown[] {
  const chain: unknown[] = [thrown];
  let current = thrown;
  while (chain.length < MAX_CAUSES && current instanceof Error && current.cause instanceof Error) {
    current = current.cause;
    chain.push(current);
  }
  return chain;
}

function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : typeof thrown;
}

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown === "string" ? thrown : "no message";
  // Without a cause to speak for it, such a message cannot be told from the data in it.
  return thrown.message.startsWith("Failed query") ? "query failed" : thrown.message;
}

function codeOf(thrown: unknown): string | null {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return null;
  return typeof thrown.code === "string" || typeof thrown.code === "number" ? String(thrown.code) : null;
}

function redact(message: string): string {
  let redacted = message;
  for (const [pattern, replacement] of REDACTIONS) redacted = redacted.replace(pattern, replacement);
  return redacted.slice(0, MAX_MESSAGE_CHARACTERS);
}
