/**
 * For whom a SKU may hold units without this instance knowing: a call brought no answer, or a former instance made it. They are never
 * told "sold out" without asking, for the unit that is held may be theirs.
 */
import { ASK_AFTER_MS } from "../../domain/inventory/rules.ts";

/** Orders kept; past that, for as long as their holds live without being asked about, every order is asked for. */
const MAX_ORDERS = 10_000;

export class Unanswered {
  readonly #clock: () => number;
  readonly #orders = new Set<string>();
  #anyUntil = 0;

  /** @param clock epoch ms */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** A call about this order brought no answer: it may still arrive, and leave a hold, after a later one was answered. */
  add(sku: string, orderId: string): void {
    this.#orders.add(keyOf(sku, orderId));
    if (this.#orders.size <= MAX_ORDERS) return;
    const [oldest] = this.#orders;
    if (oldest !== undefined) this.#orders.delete(oldest);
    this.anyUntil(this.#clock() + ASK_AFTER_MS);
  }

  /** @param at epoch ms until which it may be any order */
  anyUntil(at: number): void {
    this.#anyUntil = Math.max(this.#anyUntil, at);
  }

  has(sku: string, orderId: string): boolean {
    return this.#clock() < this.#anyUntil || this.#orders.has(keyOf(sku, orderId));
  }
}

const keyOf = (sku: string, orderId: string): string => `${orderId} ${sku}`;
