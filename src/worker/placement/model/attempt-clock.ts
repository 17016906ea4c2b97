/** Which attempt a placement's code runs for, so that the model can show that attempt alone another time. */
import { AsyncLocalStorage } from "node:async_hooks";

export interface AttemptSeen {
  startedAt: number | null;
  isJudged: boolean;
}

const attempts = new AsyncLocalStorage<AttemptSeen>();

/** Whatever `work` does, now and later, is known to belong to one attempt. */
export function asAttempt<T>(work: () => T): T {
  return attempts.run({ startedAt: null, isJudged: false }, work);
}

/** The attempt whose code runs, or null outside of one. */
export const currentAttempt = (): AttemptSeen | null => attempts.getStore() ?? null;

/**
 * The clock as placements read it: first when an attempt begins, then when it is judged.
 *
 * @param ageSeen how old (ms) a judged attempt looks, by its real age
 */
export function clockSeenAs(clock: () => number, ageSeen: (ageMs: number) => number): () => number {
  return () => {
    const now = clock();
    const attempt = currentAttempt();
    if (attempt === null) return now;
    if (attempt.startedAt === null) return (attempt.startedAt = now);
    if (attempt.isJudged) return now;
    attempt.isJudged = true;
    return attempt.startedAt + ageSeen(now - attempt.startedAt);
  };
}
