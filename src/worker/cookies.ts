/**
 * The cookies of a shopper without an account: the cart, the rights to the latest orders, which order the cart became, and a notice asked for.
 * All are `__Host-`, HttpOnly, Secure and SameSite=Lax; the first two are worth nothing unless we signed them, the third
 * lets a browser empty only its own cart, and the last has a page confirm what was just asked for.
 */
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { readCartId, signCartId, verifyOrderToken, type SigningKeys } from "../adapters/signing/index.ts";
import { SHOPPER_HINT_COOKIE } from "../domain/shopper-hint.ts";
import type { AppContext } from "./app-env.ts";

const CART_COOKIE = "cart";
const ORDERS_COOKIE = "orders";
const CHECKOUT_COOKIE = "checkout";
const ASKED_COOKIE = "asked";
/** Long enough to come back to the page and load it again. */
const ASKED_MAX_AGE_SECONDS = 10 * 60;
/** Idle carts go away after 30 days; so does the way to them. */
const COOKIE_MAX_AGE_SECONDS = 30 * 24 * 60 * 60;
/** The latest orders a browser keeps the right to; the oldest falls out. */
const MAX_GUEST_ORDERS = 10;
/** Between pairs; between id and token stands a dot. Neither occurs in an id or a token, nor needs escaping in a cookie. */
const PAIR_SEPARATOR = "~";

const ATTRIBUTES = {
  prefix: "host",
  path: "/",
  httpOnly: true,
  secure: true,
  sameSite: "Lax",
  maxAge: COOKIE_MAX_AGE_SECONDS,
} as const;

/** The cart this browser has as a guest, or null: none, or one we did not sign. Whose cart counts: own-cart.ts. */
export function guestCartIdOf(c: AppContext, keys: SigningKeys): string | null {
  const value = getCookie(c, CART_COOKIE, "host");
  return value === undefined ? null : readCartId(keys, value);
}

export function keepCart(c: AppContext, keys: SigningKeys, cartId: string): void {
  setCookie(c, CART_COOKIE, signCartId(keys, cartId), ATTRIBUTES);
  hintAtShopper(c);
}

/** The browser has no cart of its own any more, e.g. as it became the account's. */
export function forgetCart(c: AppContext): void {
  deleteCookie(c, CART_COOKIE, ATTRIBUTES);
}

/** Tells the pages' code that there is something to ask for. */
export function hintAtShopper(c: AppContext): void {
  setCookie(c, SHOPPER_HINT_COOKIE, "1", { ...ATTRIBUTES, httpOnly: false });
}

/**
 * Whether the request bears the right to the order: as a bearer token, or in the guest cookie. An invented id never has
 * one. Asks nobody; src/worker/order-rights.ts knows the account's orders too.
 */
export function bearsOrderToken(c: AppContext, keys: SigningKeys, orderId: string): boolean {
  const bearer = bearerToken(c);
  if (bearer !== null) return verifyOrderToken(keys, orderId, bearer);
  const token = guestOrders(c).get(orderId);
  return token !== undefined && verifyOrderToken(keys, orderId, token);
}

/** The latest orders this browser has the right to, whoever placed them. Asks nobody. */
export function ordersBorne(c: AppContext, keys: SigningKeys): string[] {
  return [...guestOrders(c)]
    .filter(([orderId, token]) => verifyOrderToken(keys, orderId, token))
    .map(([orderId]) => orderId);
}

/** Adds the right to an order to the browser's latest ones. */
export function keepOrder(c: AppContext, orderId: string, token: string): void {
  const orders = guestOrders(c);
  orders.delete(orderId);
  const pairs = [...orders, [orderId, token] as const].slice(-MAX_GUEST_ORDERS);
  setCookie(c, ORDERS_COOKIE, pairs.map((pair) => pair.join(".")).join(PAIR_SEPARATOR), ATTRIBUTES);
}

/** The cookie's pairs of order id and token, oldest first, as the browser says: to be verified. */
function guestOrders(c: AppContext): Map<string, string> {
  const orders = new Map<string, string>();
  for (const pair of (getCookie(c, ORDERS_COOKIE, "host") ?? "").split(PAIR_SEPARATOR)) {
    const dot = pair.indexOf(".");
    if (dot > 0 && orders.size < MAX_GUEST_ORDERS) orders.set(pair.slice(0, dot), pair.slice(dot + 1));
  }
  return orders;
}

/** The token of `Authorization: Bearer`, or null. */
export function bearerToken(c: AppContext): string | null {
  return /^Bearer ([\x21-\x7e]+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? null;
}

/** The order that a cart became at a revision: once that order is paid, its items leave the cart. */
export interface KeptCheckout {
  readonly orderId: string;
  /** As `cartTag` names it. */
  readonly cart: string;
  readonly revision: number;
  /** The order was placed from a cart that is part of this one now: the cart's key at this revision is not the order's. */
  readonly merged: boolean;
}

export function keepCheckout(c: AppContext, { orderId, cart, revision, merged }: KeptCheckout): void {
  setCookie(c, CHECKOUT_COOKIE, `${orderId}.${cart}.${revision}${merged ? "m" : ""}`, ATTRIBUTES);
}

export function keptCheckout(c: AppContext): KeptCheckout | null {
  const [, orderId, cart, revision, merged] =
    /^([0-9a-z]{1,64})\.([0-9a-z]{16})\.(\d{1,9})(m?)$/.exec(getCookie(c, CHECKOUT_COOKIE, "host") ?? "") ??
    [];
  if (orderId === undefined || cart === undefined) return null;
  return { orderId, cart, revision: Number(revision), merged: merged === "m" };
}

export function forgetCheckout(c: AppContext): void {
  deleteCookie(c, CHECKOUT_COOKIE, ATTRIBUTES);
}

/** This browser has just asked to be told about a SKU: its page says so for a moment, and nobody else who has the address is told so. */
export function keepAskedForNotice(c: AppContext, sku: string): void {
  setCookie(c, ASKED_COOKIE, sku, { ...ATTRIBUTES, maxAge: ASKED_MAX_AGE_SECONDS });
}

export function askedForNotice(c: AppContext, sku: string): boolean {
  return getCookie(c, ASKED_COOKIE, "host") === sku;
}

/**
 * Whoever was signed in has left this browser, or was signed out from elsewhere: the next person finds no rights of theirs. A
 * cart that was not theirs yet stays the browser's.
 */
export function forgetShopper(c: AppContext): void {
  deleteCookie(c, ORDERS_COOKIE, ATTRIBUTES);
  forgetCheckout(c);
  const isAnythingLeft = getCookie(c, CART_COOKIE, "host") !== undefined;
  if (!isAnythingLeft) deleteCookie(c, SHOPPER_HINT_COOKIE, { ...ATTRIBUTES, httpOnly: false });
}
