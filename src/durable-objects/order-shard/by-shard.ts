/** Groups by the shard that owns the orders, so that each shard is called once. */

export interface ByShard<T> {
  /** By the shard's name; the order of the items is kept. */
  readonly shards: ReadonlyMap<string, readonly T[]>;
  /** Items of ids that no shard can own. */
  readonly unowned: readonly T[];
}

/** @param shardOf the name of the shard that owns an order, or null for an id that is not one of ours */
export function byShard<T extends { readonly orderId: string }>(
  items: readonly T[],
  shardOf: (orderId: string) => string | null,
): ByShard<T> {
  const shards = new Map<string, T[]>();
  const unowned: T[] = [];
  for (const item of items) {
    const name = shardOf(item.orderId);
    if (name === null) {
      unowned.push(item);
      continue;
    }
    const own = shards.get(name);
    if (own === undefined) shards.set(name, [item]);
    else own.push(item);
  }
  return { shards, unowned };
}
