/**
 * Order ids, and what is derived from them: an HMAC of the normalised e-mail and the idempotency key, so that a repeated
 * request meets the same order with nothing to look up; and a check tag, so that an invented id is refused before an
 * object is touched.
 *
 * `<key version, 1><body, 26: 16 bytes of HMAC in base 32><tag, 8: 5 bytes of HMAC over version and body>`
 */
import { EMAIL_NORMALISATIONS, type EmailNormalisation } from "../../domain/email-address.ts";
import { BASE32_CLASS, toBase32 } from "./base32.ts";
import { FORMER_KEY_MS, sameText, sign, type SigningKey, type SigningKeys } from "./signing-keys.ts";

const BODY_BYTES = 16;
const TAG_BYTES = 5;
const TOKEN_BYTES = 24;
/** Length of version and body, before the tag. */
const UNTAGGED_LENGTH = 27;
const ORDER_ID = new RegExp(`^[0-9a-z]${BASE32_CLASS}{34}$`);

export interface OrderIds {
  /** The id a new order gets. */
  readonly current: string;
  /**
   * Where the same request may have made an order under another key or rule of normalisation, within 24 h of the change; at most three.
   */
  readonly former: readonly string[];
}

/**
 * The ids a placement request may have.
 *
 * @param email as given; it is normalised here
 * @param now epoch ms
 */
export function orderIdFor(
  keys: SigningKeys,
  email: string,
  idempotencyKey: string,
  now = Date.now(),
): OrderIds {
  const normalisations = normalisationsAt(now);
  const [current = "", ...former] = keysAt(keys, now).flatMap((key) =>
    normalisations.map((normalisation) => derive(key, normalisation, email, idempotencyKey)),
  );
  return { current, former };
}

/** The current key, and the one before for as long as it is looked at. */
function keysAt(keys: SigningKeys, now: number): SigningKey[] {
  const former = keys.all.find(
    (key) => key !== keys.current && (key.retiredAt === null || now < key.retiredAt + FORMER_KEY_MS),
  );
  return former === undefined ? [keys.current] : [keys.current, former];
}

/**
 * The rule that applies, and beside it the one it replaced within the last 24 h, or the one that is to come: a Worker whose clock is
 * ahead may use that already.
 */
function normalisationsAt(now: number): EmailNormalisation[] {
  const [newest] = EMAIL_NORMALISATIONS;
  const applying = EMAIL_NORMALISATIONS.find(({ from }) => from <= now) ?? newest;
  const replaced = EMAIL_NORMALISATIONS[EMAIL_NORMALISATIONS.indexOf(applying) + 1];
  if (applying !== newest) return [applying, newest];
  return replaced === undefined || now >= newest.from + FORMER_KEY_MS ? [newest] : [newest, replaced];
}

function derive(
  key: SigningKey,
  { version, normalise }: EmailNormalisation,
  email: string,
  idempotencyKey: string,
): string {
  const mac = sign(key, "order-id", String(version), normalise(email), idempotencyKey);
  const untagged = key.version + toBase32(mac, BODY_BYTES);
  return untagged + tagOf(key, untagged);
}

function tagOf(key: SigningKey, untagged: string): string {
  return toBase32(sign(key, "order-tag", untagged), TAG_BYTES);
}

/** Whether one of our keys made this id. Sync and without I/O: it guards every order object against invented names. */
export function isOrderId(keys: SigningKeys, id: string): boolean {
  return keyOf(keys, id) !== null;
}

function keyOf(keys: SigningKeys, id: string): SigningKey | null {
  if (!ORDER_ID.test(id)) return null;
  const key = keys.byVersion.get(id.charAt(0));
  if (key === undefined) return null;
  return sameText(tagOf(key, id.slice(0, UNTAGGED_LENGTH)), id.slice(UNTAGGED_LENGTH)) ? key : null;
}

/**
 * The guest's right to an order. It is made with the key that made the id, so a replay answers the same token also after
 * a rotation.
 *
 * @throws RangeError for an id that is not ours: a caller's mistake, ids are checked at the door.
 */
export function orderToken(keys: SigningKeys, orderId: string): string {
  const key = keyOf(keys, orderId);
  if (key === null) throw new RangeError("not an order id");
  return tokenUnder(key, orderId);
}

/** Whether the token opens the order; false for an invented id too. */
export function verifyOrderToken(keys: SigningKeys, orderId: string, token: string): boolean {
  const key = keyOf(keys, orderId);
  return key !== null && sameText(tokenUnder(key, orderId), token);
}

function tokenUnder(key: SigningKey, orderId: string): string {
  return sign(key, "order-token", orderId).subarray(0, TOKEN_BYTES).toString("base64url");
}
