/** Turns single questions into calls of many, with one call under way at a time and no timer. */

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (answer: R) => void;
  readonly reject: (fault: unknown) => void;
}

/**
 * The first item leaves at once; those that come while its call is under way leave together in the next.
 *
 * @param call answers in the order of its items; where it throws, so does each of its items
 * @returns a function that asks about one item
 */
export function coalesced<T, R>(call: (items: T[]) => Promise<readonly R[]>): (item: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = [];
  let underWay = false;

  async function leave(): Promise<void> {
    underWay = true;
    while (waiting.length > 0) {
      const leaving = waiting;
      waiting = [];
      try {
        const answers = await call(leaving.map(({ item }) => item));
        if (answers.length !== leaving.length)
          throw new Error(`${answers.length} answers to ${leaving.length}`);
        for (const [index, { resolve }] of leaving.entries()) resolve(answers[index] as R);
      } catch (fault) {
        for (const { reject } of leaving) reject(fault);
      }
    }
    underWay = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!underWay) void leave();
    });
}
