/** Work side by side that never leaves anything half done behind a failure. */

/**
 * Waits until all of them have settled, also where one has failed: what is still starting cannot be stopped yet.
 *
 * @throws the first failure, by position
 */
export async function allSettled(work: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

/**
 * Does one after the other, each also where one before it has failed.
 *
 * @throws the first failure
 */
export async function eachInTurn(steps: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
