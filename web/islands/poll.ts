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
  let due = 0;

  const end = () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", wake);
    window.removeEventListener("online", wake);
  };
  const plan = (waitMs: number) => {
    due = Date.now() + waitMs;
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
    else if (!ended && !running) plan(Math.max(0, due - Date.now()));
  };
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  plan(firstMs);
  return end;
}
