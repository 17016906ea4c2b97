/**
 * Order ids, and what is derived from them: an HMAC of the normalised e-mail and the idempotency key, so that a repeated
 * request meets the same order with nothing to look up; and a check tag, so that an invented id is refused before an
 * object is touched.
 *
 * `<epoch, 1><body, 26: 16 bytes of HMAC in base 32><tag, 8: 5 bytes of HMAC over epoch and body>`
 */
import { normalisationOf } from "../../domain/email-address.ts";
import { epochsAt, type OrderEpoch } from "../../domain/order/epochs.ts";
import { BASE32_CLASS, toBase32 } from "./base32.ts";
import { sameText, sign, type SigningKey, type SigningKeys } from "./signing-keys.ts";

const BODY_BYTES = 16;
const TAG_BYTES = 5;
const TOKEN_BYTES = 24;
/** Length of epoch and body, before the tag. */
const UNTAGGED_LENGTH = 27;
const ORDER_ID = new RegExp(`^[0-9a-z]${BASE32_CLASS}{34}$`);

export interface OrderIds {
  /** The id a new order gets. */
  readonly current: string;
  /** Where the same request may have made an order in the epoch before, within 24 h of its end; else null. */
  readonly former: string | null;
  /** Its id in an epoch that is listed and has not begun by our clock, which may be slow; else null. */
  readonly next: string | null;
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
  const { current, former, next } = epochsAt(keys.epochs, now);
  const derived = (epoch: OrderEpoch) => derive(keys, epoch, email, idempotencyKey);
  const orNull = (epoch: OrderEpoch | null) => (epoch === null ? null : derived(epoch));
  return { current: derived(current), former: orNull(former), next: orNull(next) };
}

function derive(keys: SigningKeys, epoch: OrderEpoch, email: string, idempotencyKey: string): string {
  const key = keyOfEpoch(keys, epoch);
  const { version, normalise } = normalisationOf(epoch.normalisation);
  const mac = sign(key, "order-id", String(version), normalise(email), idempotencyKey);
  const untagged = epoch.name + toBase32(mac, BODY_BYTES);
  return untagged + tagOf(key, untagged);
}

function keyOfEpoch({ byVersion }: SigningKeys, { keyVersion }: OrderEpoch): SigningKey {
  const key = byVersion.get(keyVersion);
  if (key === undefined) throw new Error(`no signing key v${keyVersion}`);
  return key;
}

function tagOf(key: SigningKey, untagged: string): string {
  return toBase32(sign(key, "order-tag", untagged), TAG_BYTES);
}

/** Whether it was made in one of our epochs. Sync and without I/O: it guards every shard against invented ids. */
export function isOrderId(keys: SigningKeys, id: string): boolean {
  return keyOf(keys, id) !== null;
}

function keyOf(keys: SigningKeys, id: string): SigningKey | null {
  const key = keyNamedBy(keys, id);
  if (key === null) return null;
  return sameText(tagOf(key, id.slice(0, UNTAGGED_LENGTH)), id.slice(UNTAGGED_LENGTH)) ? key : null;
}

/** The key of the epoch that the id names, or null where it has not the form of an id or names none of ours. */
function keyNamedBy(keys: SigningKeys, id: string): SigningKey | null {
  if (!ORDER_ID.test(id)) return null;
  const epoch = keys.epochs.find(({ name }) => name === id.charAt(0));
  return epoch === undefined ? null : keyOfEpoch(keys, epoch);
}

/**
 * The guest's right to an order. It is made with the key that made the id, so a replay answers the same token also after
 * a rotation.
 *
 * @param orderId made or checked by us: its tag is not computed anew
 * @throws RangeError for an id of no epoch listed
 */
export function orderToken(keys: SigningKeys, orderId: string): string {
  const key = keyNamedBy(keys, orderId);
  if (key === null) throw new RangeError("not an order id");
  return tokenUnder(key, orderId);
}

/** Whether the token opens the order; false for an invented id too, whose tag need not be looked at: nobody has its token. */
export function verifyOrderToken(keys: SigningKeys, orderId: string, token: string): boolean {
  const key = keyNamedBy(keys, orderId);
  return key !== null && sameText(tokenUnder(key, orderId), token);
}

function tokenUnder(key: SigningKey, orderId: string): string {
  return sign(key, "order-token", orderId).subarray(0, TOKEN_BYTES).toString("base64url");
}
