/** Cart ids: random names of cart objects, handed to the browser signed, so that no stranger's name creates an object. */
import { createHash, randomBytes } from "node:crypto";
import { BASE32_CLASS, toBase32 } from "./base32.ts";
import { sameText, sign, type SigningKey, type SigningKeys } from "./signing-keys.ts";

const ID_BYTES = 16;
const SIGNATURE_BYTES = 16;
const SIGNED = new RegExp(`^([0-9a-z])(${BASE32_CLASS}{26})(${BASE32_CLASS}{26})$`);

/** A new cart id: 26 characters, 128 random bits. */
export function newCartId(): string {
  return toBase32(randomBytes(ID_BYTES));
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
