/**
 * Order epochs: by which signing key and which normal form of the email an order id is made, and over how many shards ids are spread. An order stays where its
 * id says for as long as it lives, so the list is only ever appended to.
 */

/** How long after an epoch began a request may still repeat one that was placed in the epoch before, ms. */
export const FORMER_EPOCH_MS = 24 * 60 * 60 * 1000;

export interface OrderEpoch {
  /** One character, unique in the list. */
  readonly name: string;
  /** Of the signing key: `1` for `v1`. */
  readonly keyVersion: string;
  /** The version of the rule that normalizes email addresses. */
  readonly normalisation: number;
  readonly shards: number;
  /** Epoch ms from which new orders belong to it; the first epoch has always been. */
  readonly from: number;
}

export interface EpochsInForce {
  /** New orders belong to it. */
  readonly current: OrderEpoch;
  /** The one before it, while its orders may still be repeated. */
  readonly former: OrderEpoch | null;
  /** The one after it, which has not begun. */
  readonly next: OrderEpoch | null;
}

/** @param now epoch ms */
export function epochsAt(epochs: readonly OrderEpoch[], now: number): EpochsInForce {
  const index = epochs.findLastIndex(({ from }) => from <= now);
  const current = epochs[index];
  if (current === undefined) throw new Error("no order epoch has begun");
  const former = epochs[index - 1] ?? null;
  const mayBeRepeated = now < current.from + FORMER_EPOCH_MS;
  return { current, former: mayBeRepeated ? former : null, next: epochs[index + 1] ?? null };
}

/** Crockford's base 32, in which ids are written. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
/** The digits after the epoch's name by which an id is assigned: 30 bits. */
const SHARD_DIGITS = 6;

const SHARD_PREFIX = new RegExp(`^[0-9a-z][${DIGITS}]{${SHARD_DIGITS}}`);

/** Whether the id is of an epoch listed. Says nothing of its tag. */
export function isOfEpoch(epochs: readonly OrderEpoch[], orderId: string): boolean {
  return SHARD_PREFIX.test(orderId) && epochs.some(({ name }) => name === orderId.charAt(0));
}

/**
 * The shard an order belongs to, from 0.
 *
 * @param orderId one of ours: the caller has checked its tag
 * @throws RangeError for an id of no epoch listed
 */
export function shardOf(epochs: readonly OrderEpoch[], orderId: string): number {
  const epoch = epochs.find(({ name }) => name === orderId.charAt(0));
  if (epoch === undefined || !isOfEpoch(epochs, orderId))
    throw new RangeError("not an order id of an epoch listed");
  let number = 0;
  for (const digit of orderId.slice(1, 1 + SHARD_DIGITS)) number = number * 32 + DIGITS.indexOf(digit);
  return number % epoch.shards;
}
