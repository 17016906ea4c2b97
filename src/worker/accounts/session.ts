/** Who is signed in, as handlers ask: nothing is asked of anybody where the browser has no session. */
import { getCookie, setCookie } from "hono/cookie";
import type { SignedIn } from "../../adapters/accounts/accounts.ts";
import { accountKeyFor, isKnownBrowser, knownBrowserMark } from "../../adapters/signing/index.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { forgetShopper, hintAtShopper } from "../cookies.ts";

const SESSION_COOKIE = "session";
const KNOWN_COOKIE = "known";
const KNOWN_SECONDS = 365 * 24 * 60 * 60;

/** Asked once a request: a renewed cookie is set once, and the answer cannot change on the way. */
const asked = new WeakMap<Request, Promise<SignedIn | null>>();

/**
 * Who is signed in, or null. The cookie's copy is good for 15 minutes without asking anybody; then Redis is asked, and Postgres
 * behind it. Where none of them can say, nobody is signed in: nothing falls open.
 */
export function signedInOf(c: AppContext): Promise<SignedIn | null> {
  let answer = asked.get(c.req.raw);
  if (answer === undefined) {
    answer = askWhoIsSignedIn(c);
    asked.set(c.req.raw, answer);
  }
  return answer;
}

async function askWhoIsSignedIn(c: AppContext): Promise<SignedIn | null> {
  if (getCookie(c, SESSION_COOKIE, "host") === undefined) return null;
  const services = servicesOf(c.env);
  try {
    const { signedIn, headers } = await services.accounts(originOf(c)).session(c.req.raw.headers);
    for (const cookie of headers.getSetCookie()) c.header("set-cookie", cookie, { append: true });
    followSession(c, headers);
    return signedIn;
  } catch (fault) {
    services.telemetry.fault("accounts.session_unknown", fault, { requestId: c.get("requestId") });
    return null;
  }
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
