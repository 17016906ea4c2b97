/** What the accounts library refuses, as the store's problems. */
import type { ProblemCode } from "../../contracts/problem.ts";

const BY_CODE: Readonly<Record<string, ProblemCode>> = {
  INVALID_EMAIL_OR_PASSWORD: "invalid_credentials",
  INVALID_PASSWORD: "invalid_credentials",
  EMAIL_NOT_VERIFIED: "email_not_verified",
  INVALID_TOKEN: "link_expired",
  TOKEN_EXPIRED: "link_expired",
  SESSION_NOT_FRESH: "sign_in_again",
};

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  401: "unauthorised",
  403: "forbidden",
  404: "not_found",
  429: "rate_limited",
};

/** Where the library answers 401 to who is signed in, and means another's thing: to the store that is not there (docs/api.md). */
const NAMES_A_THING: readonly string[] = ["/passkey/delete-passkey"];

/**
 * @param code the library's, in upper case
 * @param path the door's
 */
export function problemOf(status: number, code: string, path: string): ProblemCode {
  if (status === 401 && NAMES_A_THING.includes(path)) return "not_found";
  return BY_CODE[code] ?? BY_STATUS[status] ?? (status >= 500 ? "internal" : "bad_request");
}
