/**
 * How long it takes from a payment's authorization to a paid order, as measured on this shard's own orders: what a shopper is told
 * who waits. In memory alone: an instance that has measured nothing says nothing.
 */
import type { OrderState } from "../../domain/order/state.ts";

/** Measurements kept; the oldest go first. */
const MAX_SAMPLES = 64;
/** What was measured longer ago says nothing about now, ms. */
const SAMPLE_LIFETIME_MS = 15 * 60 * 1000;
/** Three of four orders are confirmed by then. */
const QUANTILE = 0.75;
/** Waiting orders remembered; far more than a shard's queues can hold up. */
const MAX_WAITING = 10_000;

type Standing = Pick<OrderState, "orderId" | "status">;

export class ConfirmationPace {
  #samples: { readonly at: number; readonly waitMs: number }[] = [];
  /** When each order was authorized that is not confirmed yet, epoch ms; the longest waiting first. */
  readonly #waiting = new Map<string, number>();

  /** An order's state was written. Orders that were authorized before this instance began are not measured. @param now epoch ms */
  moved(before: Pick<OrderState, "status">, { orderId, status }: Standing, now: number): void {
    if (before.status === status) return;
    if (status === "authorised") {
      if (this.#waiting.size < MAX_WAITING) this.#waiting.set(orderId, now);
      return;
    }
    const since = this.#waiting.get(orderId);
    if (since === undefined) return;
    this.#waiting.delete(orderId);
    if (status !== "paid") return;
    this.#samples = [...this.#samples, { at: now, waitMs: Math.max(0, now - since) }].slice(-MAX_SAMPLES);
  }

  /**
   * How long the order will probably wait to be confirmed once its payment is authorized; one that is authorized, how much longer.
   *
   * @param now epoch ms
   * @returns ms; null where the order waits for nothing of ours, or nothing was measured lately
   */
  estimateMs({ orderId, status }: Standing, now: number): number | null {
    if (status !== "reserved" && status !== "authorised") return null;
    const usual = this.#usualMs(now);
    if (usual === null) return null;
    return Math.max(0, usual - (now - (this.#waiting.get(orderId) ?? now)));
  }

  /** What orders waited lately; no less than the longest waiting one has by now, which shows a queue that has come to a halt. */
  #usualMs(now: number): number | null {
    const waits = this.#samples
      .filter(({ at }) => now - at < SAMPLE_LIFETIME_MS)
      .map(({ waitMs }) => waitMs)
      .sort((a, b) => a - b);
    const measured = waits[Math.floor(QUANTILE * (waits.length - 1))];
    const [oldest] = this.#waiting.values();
    if (measured === undefined) return null;
    return oldest === undefined ? measured : Math.max(measured, now - oldest);
  }
}
