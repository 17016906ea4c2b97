/** Repeats a task while the page is visible: pauses in a hidden tab, and runs at once when it is looked at again. */

/** Does one round. Answers how long to wait before the next one (ms), or null to stop. */
export type Round = () => Promise<number | null>;

/**
 * Starts a task's rounds, the first after `firstMs`.
 *
 * @returns a function that ends them
 */
export function poll(round: Round, firstMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let ended = false;
  /** By the page's stopwatch, which may have slept, and by the clock, which may be set: what either takes for over is. */
  let due = { stopwatchMs: 0, clockMs: 0 };

  const end = () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", wake);
    window.removeEventListener("online", wake);
  };
  const plan = (waitMs: number) => {
    due = { stopwatchMs: performance.now() + waitMs, clockMs: Date.now() + waitMs };
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(() => void run(), waitMs);
  };
  const run = async () => {
    if (ended || running || document.hidden) return;
    running = true;
    const waitMs = await round().catch((error: unknown) => {
      console.error(error);
      return null;
    });
    running = false;
    // `end` may have been called while the round was under way.
    if (isEnded()) return;
    if (waitMs === null) end();
    else plan(waitMs);
  };
  const isEnded = () => ended;
  const wake = () => {
    if (document.hidden) clearTimeout(timer);
    else if (!ended && !running) plan(leftMs());
  };
  const leftMs = () => {
    const left = Math.min(due.stopwatchMs - performance.now(), due.clockMs - Date.now());
    return Math.max(0, left);
  };
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  plan(firstMs);
  return end;
}
