/**
 * Placement attempts, as numbers that only rise for one order: the generation of the shard's instance, then a count within it. A SKU
 * lets a higher attempt take over a tentative hold and never a lower one, so an instance that a deploy displaced can take nothing
 * from its successor.
 */

/** Attempts of one generation: 2^32, so that generations up to 2^21 fit into a safe integer. */
const ATTEMPTS_PER_GENERATION = 2 ** 32;
const MAX_GENERATION = 2 ** 21 - 1;

/**
 * @param generation of the shard's instance, from 1
 * @param count of attempts within it, from 1
 * @throws RangeError past 2^21 generations or 2^32 attempts
 */
export function attemptOf(generation: number, count: number): number {
  if (generation > MAX_GENERATION || count >= ATTEMPTS_PER_GENERATION)
    throw new RangeError("no attempt numbers are left");
  return generation * ATTEMPTS_PER_GENERATION + count;
}

/** The generation an attempt was made in. */
export function generationOf(attempt: number): number {
  return Math.floor(attempt / ATTEMPTS_PER_GENERATION);
}
