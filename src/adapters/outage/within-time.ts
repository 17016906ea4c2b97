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
