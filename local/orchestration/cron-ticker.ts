/** Ticks the Worker's cron handlers: `wrangler dev` never does so by itself. */

const EVERY_MINUTE = "* * * * *";
const PERIOD_MS = 60_000;
const FIRST_TICK_MS = 1_000;
const TIMEOUT_MS = 30_000;

/**
 * Ticks the every-minute cron of the store until it is stopped. A store that is not there is simply not ticked: with
 * `npm run platform` the Worker may come and go.
 *
 * @returns a function that stops the ticker
 */
export function startCronTicker(storeUrl: string): () => void {
  const url = `${storeUrl}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(EVERY_MINUTE)}`;
  const tick = (): void => {
    fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
      .then(
        (response) => response.arrayBuffer(),
        () => undefined,
      )
      .catch(() => undefined);
  };
  const first = setTimeout(tick, FIRST_TICK_MS);
  const timer = setInterval(tick, PERIOD_MS);
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}
