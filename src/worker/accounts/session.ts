/**
 * Who is signed in, as handlers ask. A copy of the session in the cookie says so for 15 minutes without asking anybody, so that selling
 * needs neither Redis nor Postgres; but it outlives a session that ended elsewhere, so whatever writes or exports asks further.
 */
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { routePath } from "hono/route";
import type { Accounts, SignedIn } from "../../adapters/accounts/accounts.ts";
import { accountKeyFor, isKnownBrowser, knownBrowserMark } from "../../adapters/signing/index.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { forgetShopper, hintAtShopper } from "../cookies.ts";

const SESSION_COOKIE = "session";
const SESSION_COPY_COOKIE = "session-copy";
const KNOWN_COOKIE = "known";
const KNOWN_SECONDS = 365 * 24 * 60 * 60;

/** Placing, paying and cancelling an order: the unsafe requests for which the cookie's copy is enough (design, promise 7). */
const SELLING: readonly string[] = [
  "POST /api/orders",
  "POST /api/orders/:id/payment",
  "POST /api/orders/:id/cancel",
  "POST /checkout",
  "POST /orders/:id/cancel",
];
const SAFE_METHODS: readonly string[] = ["GET", "HEAD"];

/** Asked once a request: a renewed cookie is set once, and the answer cannot change on the way. */
const asked = new WeakMap<Request, Promise<SignedIn | null>>();
const askedOfRecord = new WeakMap<Request, Promise<SignedIn | null>>();

/**
 * Who is signed in, or null. For what only reads, and for what sells, the cookie's copy is good for 15 minutes; then Redis is asked, and
 * Postgres behind it. Everything else asks those first, and takes the copy only where neither answers: a cart is part of selling, too.
 * Where nobody can say, nobody is signed in: nothing falls open.
 */
export function signedInOf(c: AppContext): Promise<SignedIn | null> {
  return once(asked, c, askWhoIsSignedIn);
}

/**
 * Who is signed in by the record of sessions, whatever copies of it say: for all that an account keeps, exports or changes.
 *
 * @throws what the record threw: without it nothing of an account is shown or changed
 */
export function recordedSessionOf(c: AppContext): Promise<SignedIn | null> {
  return once(askedOfRecord, c, async () => {
    if (!hasSession(c)) return null;
    const { signedIn, headers } = await accountsOf(c).recordedSession(c.req.raw.headers);
    if (signedIn === null) forgetSession(c);
    else follow(c, headers);
    return signedIn;
  });
}

function once(
  answers: WeakMap<Request, Promise<SignedIn | null>>,
  c: AppContext,
  ask: (c: AppContext) => Promise<SignedIn | null>,
): Promise<SignedIn | null> {
  let answer = answers.get(c.req.raw);
  if (answer === undefined) {
    answer = ask(c);
    answers.set(c.req.raw, answer);
  }
  return answer;
}

async function askWhoIsSignedIn(c: AppContext): Promise<SignedIn | null> {
  if (!hasSession(c)) return null;
  const isCopyEnough =
    SAFE_METHODS.includes(c.req.method) || SELLING.includes(`${c.req.method} ${routePath(c)}`);
  for (const uncached of isCopyEnough ? [false] : [true, false]) {
    try {
      const { signedIn, headers } = await accountsOf(c).session(c.req.raw.headers, { uncached });
      follow(c, headers);
      return signedIn;
    } catch (fault) {
      const requestId = c.get("requestId");
      servicesOf(c.env).telemetry.fault("accounts.session_unknown", fault, { requestId });
    }
  }
  return null;
}

function hasSession(c: AppContext): boolean {
  return getCookie(c, SESSION_COOKIE, "host") !== undefined;
}

function accountsOf(c: AppContext): Accounts {
  return servicesOf(c.env).accounts(originOf(c));
}

/** A session that ended elsewhere: its copies must not go on speaking of it. */
function forgetSession(c: AppContext): void {
  for (const name of [SESSION_COOKIE, SESSION_COPY_COOKIE])
    deleteCookie(c, name, { prefix: "host", path: "/", secure: true });
  forgetShopper(c);
}

function follow(c: AppContext, answered: Headers): void {
  for (const cookie of answered.getSetCookie()) c.header("set-cookie", cookie, { append: true });
  followSession(c, answered);
}

const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * The store's own origin: as configured, or as this request came. On a developer's machine it is the name that the browser
 * used: cookies are bound to it, and browsers keep no passkey for an IP address.
 */
export function originOf(c: AppContext): string {
  const configured: string = c.env.STORE_ORIGIN;
  const { origin, hostname } = new URL(c.req.url);
  if (configured === "") return origin;
  const isOneMachine = LOOPBACK.includes(hostname) && LOOPBACK.includes(new URL(configured).hostname);
  return isOneMachine ? origin : configured;
}

/**
 * What follows from an answer of the library: a session that begins or goes on is hinted at to pages; one that ended takes the
 * shopper's rights with it, also where it was ended from elsewhere.
 */
export function followSession(c: AppContext, answered: Headers): void {
  const prefix = `__Host-${SESSION_COOKIE}=`;
  const cookie = answered.getSetCookie().findLast((line) => line.startsWith(prefix));
  if (cookie === undefined) return;
  if (isRemoval(cookie)) forgetShopper(c);
  else hintAtShopper(c);
}

function isRemoval(cookie: string): boolean {
  return /;\s*max-age=0(?:;|$)/i.test(cookie);
}

/** Whether this browser was signed in to the account before. */
export function isKnown(c: AppContext, accountKey: string): boolean {
  const mark = getCookie(c, KNOWN_COOKIE, "host");
  return mark !== undefined && isKnownBrowser(servicesOf(c.env).signing, mark, accountKey);
}

export function rememberBrowser(c: AppContext, email: string): void {
  const { signing } = servicesOf(c.env);
  setCookie(c, KNOWN_COOKIE, knownBrowserMark(signing, accountKeyFor(signing, email)), {
    prefix: "host",
    path: "/",
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
    maxAge: KNOWN_SECONDS,
  });
}
