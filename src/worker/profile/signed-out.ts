/** A browser whose account is gone: nothing of the person stays in it. */
import { deleteCookie } from "hono/cookie";
import type { AppContext } from "../app-env.ts";
import { forgetShopper } from "../cookies.ts";

/** As src/adapters/accounts calls them, and the mark of a known browser. */
const ACCOUNT_COOKIES = ["session", "session-copy", "account", "brief", "passkey", "known"] as const;

export function forgetShopperAndSession(c: AppContext): void {
  for (const name of ACCOUNT_COOKIES) deleteCookie(c, name, { prefix: "host", path: "/", secure: true });
  forgetShopper(c);
}
