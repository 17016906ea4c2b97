/** Follows an order: looks at its status, and draws the page's main part anew when its version changed. */
import type { OrderView } from "../../src/contracts/orders.ts";
import { callApi } from "./api.ts";
import { announce } from "./live-region.ts";
import { nextLookMs } from "./order-pace.ts";
import { poll } from "./poll.ts";
import { nextTryMs } from "./retry-after.ts";
import { swapFrom } from "./swap.ts";

/** So long after paying, a result that has not come makes the page offer the payment again. */
const PATIENCE_MS = 45_000;

/** @param onSwap called with the new part, to bring it to life */
export function followOrder(onSwap: (part: HTMLElement) => void): { lookNow(): void } {
  let endCurrent: (() => void) | null = null;
  const begin = (firstMs: number) => {
    endCurrent?.();
    endCurrent = poll(createRound(onSwap), firstMs);
  };
  begin(800);
  return {
    lookNow() {
      begin(500);
    },
  };
}

function createRound(onSwap: (part: HTMLElement) => void): () => Promise<number | null> {
  const startedAt = performance.now();
  let looks = 0;
  let failures = 0;
  return async () => {
    const part = document.querySelector<HTMLElement>("[data-order-id]");
    const orderId = part?.dataset["orderId"];
    if (part === null || orderId === undefined) return null;
    const result = await callApi<OrderView>("GET", `/api/orders/${encodeURIComponent(orderId)}`);
    if (!result.ok) {
      if (result.status === 404 || result.status === 401) return null;
      failures += 1;
      return nextTryMs(failures, result.retryAfterMs, Math.random());
    }
    failures = 0;
    const order = result.value;
    const submitted = part.dataset["paymentSubmitted"] !== undefined;
    const patient = submitted && performance.now() - startedAt < PATIENCE_MS;
    const changed =
      String(order.version) !== part.dataset["orderVersion"] || order.status !== part.dataset["orderStatus"];
    const givenUp = submitted && !patient && order.status === "reserved";
    if (changed || givenUp) {
      looks = 0;
      // Once a result is there, or waited for in vain, the address stops saying that one is expected.
      const href = givenUp || order.status !== "reserved" ? location.pathname : location.href;
      const fresh = await swapFrom(href);
      if (fresh !== null) {
        if (href === location.pathname) history.replaceState(null, "", href);
        announce(fresh.dataset["title"] ?? "");
        onSwap(fresh);
      }
    }
    looks += 1;
    return nextLookMs(order.status, patient, looks, Math.random());
  };
}
