/** Everybody who may call a route, as the matrix's columns name them, and what each of them shows the store. */
import type { Store } from "../harness/store.ts";
import { cookieOf, type Guest, type Person } from "./people.ts";
import { opsToken, OPS_TOKENS, type OpsTokenKind } from "./ops-tokens.ts";

/**
 * In the order of the table's columns.
 *
 * - `anonymous`: nothing at all
 * - `guest`: somebody with an order of their own, whose token and cookies they hold against the owner's things
 * - `other`: another customer, signed in
 * - `expired`: the owner's browser, once its session has ended
 * - `owner`: whose things they are, signed in
 * - `viewer`, `support`, `manager`: ops, by a verified token with that role
 * - `roleless`: a token that Access signed for somebody without a role here
 * - `forged`: a manager's token signed by somebody else under our key's name
 * - `stale`: a manager's token past its end
 */
export const CALLERS = [
  "anonymous",
  "guest",
  "other",
  "expired",
  "owner",
  "viewer",
  "support",
  "manager",
  "roleless",
  "forged",
  "stale",
] as const;
export type Caller = (typeof CALLERS)[number];

export interface Cast {
  readonly owner: Person;
  readonly other: Person;
  readonly guest: Guest;
  /** The cookies of a session of the owner's that has ended. */
  readonly expiredCookies: string;
  readonly opsTokens: Readonly<Record<OpsTokenKind, string>>;
}

/** What a caller's requests bear beside what the route asks for. Without cookies where a token is shown: Bearer decides. */
export function credentialsOf(
  store: Store,
  caller: Caller,
  cast: Cast,
  path: string,
): Record<string, string> {
  switch (caller) {
    case "anonymous":
      return {};
    case "guest":
      return path.startsWith("/api/")
        ? { authorization: `Bearer ${cast.guest.token}` }
        : { cookie: cookiesOfGuest(store, cast) };
    case "other":
      return { cookie: cookieOf(cast.other.browser) };
    case "owner":
      return { cookie: cookieOf(cast.owner.browser) };
    case "expired":
      return { cookie: cast.expiredCookies };
    default:
      return { authorization: `Bearer ${cast.opsTokens[caller]}` };
  }
}

/** Their own right, their own token put beside the owner's order, and the owner's cart under a signature of their own cart. */
function cookiesOfGuest(store: Store, { guest, owner }: Cast): string {
  const rights = [`${guest.orderId}.${guest.token}`, `${owner.things.orderId}.${guest.token}`].join("~");
  const ownCart = guest.browser.cookies.get("__Host-cart") ?? "";
  const ownersCart = owner.things.guestCartCookie;
  const forgedCart = ownersCart.slice(0, -26) + ownCart.slice(-26);
  return [`__Host-orders=${rights}`, `__Host-cart=${forgedCart}`, "__Host-shopper=1"].join("; ");
}

export async function opsTokensOf(store: Store): Promise<Cast["opsTokens"]> {
  const entries = await Promise.all(
    OPS_TOKENS.map(async (kind) => [kind, await opsToken(store, kind)] as const),
  );
  return Object.fromEntries(entries) as Record<OpsTokenKind, string>;
}
