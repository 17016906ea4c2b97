/** A page that asks for a moment tries again by itself, while somebody looks at it. Without JavaScript its head says the same. */
import { poll } from "./poll.ts";

const MAX_WAIT_SECONDS = 600;

export function tryAgainWhenAsked(): void {
  const seconds = Number(
    document.querySelector<HTMLElement>("[data-retry-seconds]")?.dataset["retrySeconds"],
  );
  if (!(seconds > 0)) return;
  poll(
    () => {
      location.reload();
      return Promise.resolve(null);
    },
    Math.min(seconds, MAX_WAIT_SECONDS) * 1000,
  );
}
