/** RFC 9457 problem documents: the one way this Worker says no over the API. */
import type { Context } from "hono";
import {
  PROBLEMS,
  type FieldError,
  type Problem,
  type ProblemCode,
  type RefusedLine,
} from "../../contracts/problem.ts";
import type { AppEnv } from "../app-env.ts";

/** When nothing better is known, a client is asked to come back after this long. */
const DEFAULT_RETRY_AFTER_SECONDS = 5;

export interface ProblemOptions {
  /** A sentence for a person; never an internal message. Defaults to the code's title. */
  readonly detail?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly lines?: readonly RefusedLine[] | undefined;
  readonly orderId?: string | undefined;
  readonly currentTotal?: number | undefined;
  readonly opensAt?: string | undefined;
  /** Sent as `Retry-After`; 429 and 503 always carry one. */
  readonly retryAfterSeconds?: number | undefined;
  /** The methods a known path does take, with 405. */
  readonly allow?: string | undefined;
}

/** Answers with the problem document of a code. */
export function problem(c: Context<AppEnv>, code: ProblemCode, options: ProblemOptions = {}): Response {
  const { status, title } = PROBLEMS[code];
  const { detail, errors, lines, orderId, currentTotal, opensAt, retryAfterSeconds, allow } = options;
  const document: Problem = {
    type: `urn:holdfast:problem:${code}`,
    title,
    status,
    code,
    detail: detail ?? `${title}.`,
    requestId: c.get("requestId"),
    ...(errors === undefined ? {} : { errors: [...errors] }),
    ...(lines === undefined ? {} : { lines: [...lines] }),
    ...(orderId === undefined ? {} : { orderId }),
    ...(currentTotal === undefined ? {} : { currentTotal }),
    ...(opensAt === undefined ? {} : { opensAt }),
  };
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  };
  if (retryAfterSeconds !== undefined || status === 429 || status === 503) {
    headers["retry-after"] = String(retryAfterSeconds ?? DEFAULT_RETRY_AFTER_SECONDS);
  }
  if (allow !== undefined) headers["allow"] = allow;
  if (status === 401) headers["www-authenticate"] = "Bearer";
  return c.body(JSON.stringify(document), status, headers);
}
