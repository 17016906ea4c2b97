/** Asks the server what time it is, on pages with a countdown that ask it for nothing else. */
import type { AvailabilityList } from "../../src/contracts/catalog.ts";
import { callApi } from "./api.ts";
import { poll } from "./poll.ts";
import { nextTryMs } from "./retry-after.ts";

/** The page's own stopwatch keeps time; it is set anew now and then, and when a hidden page is looked at again. */
const EVERY_MS = 300_000;
/** The first question, spread so that pages opened together do not ask together. */
const SPREAD_MS = 800;

/** Ends where the page has no countdown. */
export function followServerTime(): void {
  let failures = 0;
  poll(async () => {
    const sku = document.querySelector<HTMLElement>("[data-countdown]")?.dataset["countdownSku"];
    if (sku === undefined) return null;
    // A second old at most, whoever asks: the edge answers it for all.
    const path = `/api/availability?sku=${encodeURIComponent(sku)}`;
    const result = await callApi<AvailabilityList>("GET", path);
    if (result.ok) {
      failures = 0;
      return EVERY_MS;
    }
    failures += 1;
    return nextTryMs(failures, result.retryAfterMs, Math.random());
  }, Math.random() * SPREAD_MS);
}
