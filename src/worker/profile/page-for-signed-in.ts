/** Handlers of pages that only somebody signed in has: others are asked to sign in, and come back. */
import type { SignedIn } from "../../adapters/accounts/accounts.ts";
import { recordedSessionOf } from "../accounts/session.ts";
import type { AppContext } from "../app-env.ts";
import { signInHref } from "../routes/pages/account-sign-in.tsx";

/** @param home where whoever had to sign in goes on: a page that may be asked for with GET */
export function pageForSignedIn(
  home: string,
  handler: (c: AppContext, who: SignedIn) => Promise<Response>,
): (c: AppContext) => Promise<Response> {
  return async (c) => {
    const who = await recordedSessionOf(c);
    if (who !== null) return await handler(c, who);
    const { pathname, search } = new URL(c.req.url);
    return c.redirect(signInHref(c.req.method === "GET" ? pathname + search : home), 303);
  };
}
