/** Ticks the Worker's cron handlers: `wrangler dev` never does so by itself. */

const MINUTE_MS = 60_000;
/** As wrangler.toml has them; what runs once a day is not waited for here. */
const CRONS = [
  { cron: "* * * * *", periodMs: MINUTE_MS },
  { cron: "*/10 * * * *", periodMs: 10 * MINUTE_MS },
];
const FIRST_TICK_MS = 1_000;
const TIMEOUT_MS = 30_000;

/**
 * Ticks the crons of the store until it is stopped. A store that is not there is simply not ticked: with
 * `npm run platform` the Worker may come and go.
 *
 * @returns a function that stops the ticker
 */
export function startCronTicker(storeUrl: string): () => void {
  const stops = CRONS.map(({ cron, periodMs }) => {
    const url = `${storeUrl}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`;
    const first = setTimeout(tick, FIRST_TICK_MS, url);
    const timer = setInterval(tick, periodMs, url);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  });
  return () => {
    for (const stop of stops) stop();
  };
}

function tick(url: string): void {
  fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })
    .then(
      (response) => response.arrayBuffer(),
      () => undefined,
    )
    .catch(() => undefined);
}
