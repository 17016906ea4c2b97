/** Waiting for no longer than a caller can. What is waited for is not stopped by it. */

/**
 * What `work` answers.
 *
 * @param timeoutMs how long to wait, in milliseconds
 * @throws a `TimeoutError` with this message when it takes longer (`isOwnDeadline` knows it), or what `work` threw
 */
export async function withinTime<T>(work: Promise<T>, timeoutMs: number, message: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DOMException(message, "TimeoutError"));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Resolves when `work` has ended or the time is over, whichever comes first.
 *
 * @param work never rejects
 * @param ms how long to wait, in milliseconds; Infinity for however long it takes
 */
export async function atMost(work: Promise<void>, ms: number): Promise<void> {
  if (ms === Infinity) {
    await work;
    return;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}
