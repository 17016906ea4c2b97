/** Runs work on many items, a few at a time. */

/**
 * @param limit how many run at once
 * @param work settles its own faults; a throw rejects the whole
 */
export async function forEachBounded<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  // The workers share one iterator: each item is taken once.
  async function worker(): Promise<void> {
    for (const item of queue) await work(item);
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
