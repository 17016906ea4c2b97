/**
 * Knocking at a door of accounts: who may, how often, what the library answers, and its refusals as the store's problems. The
 * API and the account pages both come through here, so that a rule holds for either.
 */
import { waitUntil } from "cloudflare:workers";
import {
  creditNetwork,
  judgeAttempt,
  type AttemptKind,
  type AttemptVerdict,
} from "../../adapters/accounts/attempt-limits.ts";
import { accountKeyFor } from "../../adapters/signing/index.ts";
import type { ProblemCode } from "../../contracts/problem.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { clientNetwork } from "../middleware/read-limit.ts";
import { mustBePerson } from "../person-check.ts";
import { ACCOUNTS_PATH, type Door } from "./doors.ts";
import { problemOf } from "./refusals.ts";
import { followSession, isKnown, originOf, recordedSessionOf, rememberBrowser } from "./session.ts";

/** How the cookie with the session's copy, and parts of a long one, begin. */
const SESSION_COPY = "__Host-session-copy";

export type Knocked =
  | { readonly ok: true; readonly answer: Response }
  | { readonly ok: false; readonly code: ProblemCode; readonly retryAfterSeconds?: number };

/** As a door's schema left it; null where the door takes none. */
export type DoorBody = Readonly<Record<string, unknown>> | null;

/**
 * @param body judged by the door's schema before
 * @returns the library's own answer, redirects included, with its cookies; or why it was refused
 * @throws RedisUnavailable when the attempt cannot be counted, and what the stores behind accounts throw
 */
export async function knock(c: AppContext, door: Door, body: DoorBody): Promise<Knocked> {
  const email = await emailOf(c, door, body);
  if (door.signedIn === true && email === undefined) return { ok: false, code: "unauthorised" };

  // Before it counts as a try: whoever is taken for a program by mistake has not used one up.
  let isProvenPerson = false;
  if (door.challenge !== undefined) {
    const token = textIn(body, "turnstileToken");
    const person = await mustBePerson(c, door.challenge, { token });
    if (!person.ok) return person;
    isProvenPerson = person.isProven;
  }
  const isSignedIn = door.signedIn === true;
  const verdict =
    door.attempt === null ? null : await judge(c, door.attempt, { door, email, isSignedIn, isProvenPerson });
  if (verdict?.ok === false)
    return { ok: false, code: "rate_limited", retryAfterSeconds: verdict.retryAfterSeconds };

  const [answer] = await Promise.all([
    servicesOf(c.env)
      .accounts(originOf(c))
      .handle(forwarded(c, door, body)),
    passed(door.notBeforeMs ?? 0),
  ]);
  if (answer.status >= 400)
    return { ok: false, code: problemOf(answer.status, await codeOf(answer), door.path) };
  if (door.attempt === "guess" && verdict?.ok === true && !endsInError(answer)) credit(c, verdict);
  if (door.path === "/sign-in/email" && email !== undefined) rememberBrowser(c, email);
  followSession(c, answer.headers);
  return { ok: true, answer };
}

/** Of the account that is tried, where one is named. */
async function emailOf(c: AppContext, door: Door, body: DoorBody): Promise<string | undefined> {
  if (door.signedIn === true) return (await recordedSessionOf(c))?.email;
  if (door.byMailLink !== true) return textIn(body, "email");
  const accounts = servicesOf(c.env).accounts(originOf(c));
  return (await accounts.openMailLink(textIn(body, "token") ?? ""))?.email;
}

function passed(milliseconds: number): Promise<void> {
  return milliseconds === 0 ? Promise.resolve() : scheduler.wait(milliseconds);
}

interface Asker {
  readonly door: Door;
  readonly email: string | undefined;
  readonly isSignedIn: boolean;
  readonly isProvenPerson: boolean;
}

function judge(
  c: AppContext,
  kind: AttemptKind,
  { door, email, isSignedIn, isProvenPerson }: Asker,
): Promise<AttemptVerdict> {
  const { signing, redis } = servicesOf(c.env);
  const account = email === undefined ? null : accountKeyFor(signing, email);
  const isKnownBrowser = account !== null && (isSignedIn || isKnown(c, account));
  return judgeAttempt(redis.limits, {
    kind,
    network: clientNetwork(c),
    account,
    // Each for itself: asking for links to verify an address uses up nothing that a forgotten password needs.
    ...(kind === "mail" ? { purpose: door.name } : {}),
    isKnownBrowser,
    isProvenPerson,
  });
}

/** What was right costs its network nothing. Behind the answer: where Redis fails meanwhile, it stays counted. */
function credit(c: AppContext, counted: Extract<AttemptVerdict, { ok: true }>): void {
  const { redis, telemetry } = servicesOf(c.env);
  waitUntil(
    creditNetwork(redis.limits, counted).catch((fault: unknown) => {
      telemetry.fault("accounts.attempt_not_credited", fault);
    }),
  );
}

/** The library also redirects where it refused, and says so in the address. */
function endsInError(answer: Response): boolean {
  const location = answer.headers.get("location");
  return location !== null && URL.canParse(location, "https://store.invalid")
    ? new URL(location, "https://store.invalid").searchParams.has("error")
    : false;
}

/** The library's code of a refusal, in upper case; empty where it names none. */
async function codeOf(answer: Response): Promise<string> {
  const refusal = (await answer.json().catch(() => null)) as { code?: unknown } | null;
  return typeof refusal?.code === "string" ? refusal.code : "";
}

function textIn(body: DoorBody, field: string): string | undefined {
  const value = body?.[field];
  return typeof value === "string" ? value : undefined;
}

function withoutSessionCopy(headers: Headers): void {
  const cookies = (headers.get("cookie") ?? "").split(/;\s*/);
  headers.set("cookie", cookies.filter((cookie) => !cookie.startsWith(SESSION_COPY)).join("; "));
}

/** The request as the library gets it: at the door's own address, with what only the store may say. */
function forwarded(c: AppContext, { method, path, fixed }: Door, body: DoorBody): Request {
  if (body === null && c.req.path === ACCOUNTS_PATH + path) return c.req.raw;
  const url = new URL(ACCOUNTS_PATH + path, c.req.url);
  const headers = new Headers(c.req.raw.headers);
  // What writes asks the record: the library would take the cookie's copy of a session that ended elsewhere.
  if (method === "POST") withoutSessionCopy(headers);
  headers.delete("content-length");
  headers.delete("content-type");
  if (body === null) return new Request(url, { method, headers });
  headers.set("content-type", "application/json");
  // Ours to judge, and judged by now.
  const forLibrary = { ...body, ...fixed, turnstileToken: undefined };
  return new Request(url, { method, headers, body: JSON.stringify(forLibrary) });
}
