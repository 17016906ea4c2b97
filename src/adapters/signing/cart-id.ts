/**
 * Cart ids, names of cart objects. A guest's is random and handed to the browser signed, so that no stranger's name creates an
 * object; an account's derives from the account, so that the cart is there wherever somebody signs in.
 */
import { createHash, randomBytes } from "node:crypto";
import { BASE32_CLASS, toBase32 } from "./base32.ts";
import { lastingKey, sameText, sign, type SigningKey, type SigningKeys } from "./signing-keys.ts";

const ID_BYTES = 16;
const SIGNATURE_BYTES = 16;
const TAG_BYTES = 10;
/** No id with it fits into a cart's cookie. */
const ACCOUNT_PREFIX = "account-";
const SIGNED = new RegExp(`^([0-9a-z])(${BASE32_CLASS}{26})(${BASE32_CLASS}{26})$`);

/** A new cart id: 26 characters, 128 random bits. */
export function newCartId(): string {
  return toBase32(randomBytes(ID_BYTES));
}

/** The id of the one cart of an account, the same across a rotation of keys. */
export function accountCartId(keys: SigningKeys, accountId: string): string {
  return ACCOUNT_PREFIX + toBase32(sign(lastingKey(keys), "account-cart", accountId), ID_BYTES);
}

export function isAccountCartId(cartId: string): boolean {
  return cartId.startsWith(ACCOUNT_PREFIX);
}

/** Tells carts apart without being a way to them. */
export function cartTag(cartId: string): string {
  return toBase32(createHash("sha256").update(`cart-tag\0${cartId}`).digest(), TAG_BYTES);
}

/** The cookie value of a cart id: key version, id, signature. */
export function signCartId(keys: SigningKeys, cartId: string): string {
  return keys.current.version + cartId + signatureOf(keys.current, cartId);
}

/** The cart id of a cookie value, or null where it was not signed by one of our keys. */
export function readCartId(keys: SigningKeys, cookie: string): string | null {
  const [, version = "", cartId = "", signature = ""] = SIGNED.exec(cookie) ?? [];
  const key = keys.byVersion.get(version);
  return key !== undefined && sameText(signatureOf(key, cartId), signature) ? cartId : null;
}

function signatureOf(key: SigningKey, cartId: string): string {
  return toBase32(sign(key, "cart", cartId), SIGNATURE_BYTES);
}

/**
 * The idempotency key of the order made from a cart at one revision: a reload of the checkout page repeats, and never
 * doubles. It needs no secret (a cart id is one) and so stays the same across a rotation of keys.
 *
 * @param round how many orders of this revision have ended unpaid already; each makes the key free for a new one
 */
export function idempotencyKeyFor(cartId: string, revision: number, round = 0): string {
  const digest = createHash("sha256").update(`cart-order\0${cartId}\0${revision}\0${round}`).digest();
  return `cart-${toBase32(digest, ID_BYTES)}`;
}
