/** Who is signed in, as handlers ask: nothing is asked of anybody where the browser has no session. */
import { getCookie, setCookie } from "hono/cookie";
import type { SignedIn } from "../../adapters/accounts/accounts.ts";
import { accountKeyFor, isKnownBrowser, knownBrowserMark } from "../../adapters/signing/index.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";

const SESSION_COOKIE = "session";
const KNOWN_COOKIE = "known";
const KNOWN_SECONDS = 365 * 24 * 60 * 60;

/**
 * Who is signed in, or null. The cookie's copy is good for 15 minutes without asking anybody; then Redis is asked, and Postgres
 * behind it. Where none of them can say, nobody is signed in: nothing falls open.
 */
export async function signedInOf(c: AppContext): Promise<SignedIn | null> {
  if (getCookie(c, SESSION_COOKIE, "host") === undefined) return null;
  const services = servicesOf(c.env);
  try {
    const { signedIn, headers } = await services.accounts(originOf(c)).session(c.req.raw.headers);
    for (const cookie of headers.getSetCookie()) c.header("set-cookie", cookie, { append: true });
    return signedIn;
  } catch (fault) {
    services.telemetry.fault("accounts.session_unknown", fault, { requestId: c.get("requestId") });
    return null;
  }
}

/** The store's own origin: as configured, or as this request came. */
export function originOf(c: AppContext): string {
  const configured: string = c.env.STORE_ORIGIN;
  return configured === "" ? new URL(c.req.url).origin : configured;
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
