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

/**
 * One limit for work that begins in several places.
 *
 * @param limit how many run at once; the others wait, first come, first served
 * @returns a function that runs `work` in its turn and answers as it does
 */
export function concurrencyLimit(limit: number): (work: () => Promise<void>) => Promise<void> {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else {
      await new Promise<void>((turn) => {
        waiting.push(turn);
      });
    }
    try {
      await work();
    } finally {
      // A place is handed on, so that a newcomer cannot take it first.
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
