/** A time limit for a call that has none of its own. */

export class DeadlineExceeded extends Error {
  override readonly name = "DeadlineExceeded";
}

/** @throws DeadlineExceeded after `timeoutMs`; the call itself cannot be called back, and its late answer is dropped */
export async function withDeadline<T>(call: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineExceeded(`${what} did not answer within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([call, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for the work, or until the time is over, whichever comes first. @param work never rejects */
export async function atMost(work: Promise<void>, ms: number): Promise<void> {
  if (ms === Infinity) {
    await work;
    return;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
