/**
 * Order epochs: under which signing key an order id is made, and over how many shards its ids are spread. An order stays where its
 * id says for as long as it lives, so the list is only ever appended to.
 *
 * Written in the variable `ORDER_EPOCHS`: `1:v1:4,2:v2:8@2027-01-05T09:00:00Z`. Each entry is the epoch's name (one character, the
 * first one of its ids), the version of its signing key, its number of shards, and from when it is in force. That moment is at
 * least an hour after the deploy that brings it, as old and new Workers run side by side during a rollout.
 */

/** How long after an epoch began a request may still repeat one that was placed in the epoch before, ms. */
export const FORMER_EPOCH_MS = 24 * 60 * 60 * 1000;

const MAX_SHARDS = 256;
const MAX_EPOCHS = 16;
const ENTRY = /^([0-9a-z]):v([0-9a-z]):(\d{1,3})(?:@(.+))?$/;

export interface OrderEpoch {
  /** One character, unique in the list. */
  readonly name: string;
  /** Of the signing key: `1` for `v1`. */
  readonly keyVersion: string;
  readonly shards: number;
  /** Epoch ms from which new orders belong to it; the first epoch has always been. */
  readonly from: number;
}

/** @throws Error that says what is wrong with the list */
export function parseOrderEpochs(text: string): readonly OrderEpoch[] {
  const entries = text.split(",").map((entry) => entry.trim());
  if (entries.length > MAX_EPOCHS) throw new Error(`ORDER_EPOCHS lists more than ${MAX_EPOCHS} epochs`);
  const epochs = entries.map(parseEntry);
  for (const [index, epoch] of epochs.entries()) {
    const before = epochs[index - 1];
    if (before !== undefined && epoch.from <= before.from)
      throw new Error(`ORDER_EPOCHS: epoch ${epoch.name} must begin after the one before it`);
  }
  if (new Set(epochs.map(({ name }) => name)).size !== epochs.length)
    throw new Error("ORDER_EPOCHS: two epochs share a name");
  return epochs;
}

function parseEntry(entry: string, index: number): OrderEpoch {
  const [, name, keyVersion, shardsText, fromText] = ENTRY.exec(entry) ?? [];
  if (name === undefined || keyVersion === undefined)
    throw new Error(`ORDER_EPOCHS: "${entry}" must look like 1:v1:4 or 2:v1:8@2027-01-05T09:00:00Z`);
  const shards = Number(shardsText);
  if (shards < 1 || shards > MAX_SHARDS)
    throw new Error(`ORDER_EPOCHS: epoch ${name} must have 1 to ${MAX_SHARDS} shards`);
  if ((fromText === undefined) !== (index === 0))
    throw new Error(`ORDER_EPOCHS: every epoch but the first says from when it is in force`);
  const from = fromText === undefined ? 0 : Date.parse(fromText);
  if (Number.isNaN(from)) throw new Error(`ORDER_EPOCHS: the beginning of epoch ${name} is not a date`);
  return { name, keyVersion, shards, from };
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
