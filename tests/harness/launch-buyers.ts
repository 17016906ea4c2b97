/**
 * Buyers of a launch who do not let go: each repeats its request with the same key until it has an answer that counts, and some then
 * pay or cancel. They arrive in an open loop, whatever the store does meanwhile.
 */
import { setTimeout as delay } from "node:timers/promises";
import { PaymentView, PlacedOrder } from "../../src/contracts/orders.ts";
import { backoffMs, type BackoffOptions } from "../../src/domain/backoff.ts";
import { ConnectionPool, NO_ANSWER, type HttpCall } from "../bench/http-client.ts";
import type { HttpAnswer } from "../bench/response-reader.ts";
import { addressOf, startPayment } from "../bench/store-calls.ts";
import { orderBody, type Line, type Store } from "./store.ts";

/** Requests that may be repeated: no answer, shed, or a part of the store away. */
const TRY_AGAIN: readonly number[] = [NO_ANSWER, 429, 503];
/** How often a buyer tries while the launch lasts; who gave up is asked once more when it is over. */
const MOST_TRIES = 8;
/** Between two tries, longer each time: buyers who wait must not keep the machine from starting the Worker. */
const TRY_AGAIN_AFTER: BackoffOptions = { baseMs: 500, maxMs: 8_000 };
/** From the order until it is cancelled. */
const REGRET_MS = 4_000;
const MAX_CONNECTIONS = 256;
/** Buyers under way at once: who comes while there are so many is turned away and counted. */
const MAX_BUYERS_AT_ONCE = 2_000;

export type Wish = "keep" | "pay" | "cancel";

export interface Buyer {
  readonly number: number;
  readonly lines: readonly Line[];
  readonly wish: Wish;
  /** `once`: goes away after the first fault; `again`: repeats its request although it was answered. */
  readonly asks: "once" | "untilAnswered" | "again";
}

/** What one buyer read. */
export interface Purchase {
  readonly buyer: Buyer;
  /** Null where it was refused, or got no answer that counts. */
  order: PlacedOrder | null;
  isRefused: boolean;
  /** Stripe confirmed the payment. */
  isConfirmed: boolean;
  /** The store said that the order is cancelled. */
  isCancelled: boolean;
}

export function emailOf({ number }: Buyer): string {
  return `buyer-${number}@example.com`;
}

export interface LaunchCounts {
  arrived: number;
  turnedAway: number;
  /** Requests that brought no answer that counts, by status; 0 where the connection broke. */
  readonly faults: Record<number, number>;
  answers: number;
}

export interface LaunchOptions {
  readonly store: Store;
  readonly port: number;
  /** Arrivals a second on average. */
  readonly perSecond: number;
  readonly random: () => number;
  readonly nextBuyer: (number: number) => Buyer;
}

export class Launch {
  readonly purchases: Purchase[] = [];
  readonly counts: LaunchCounts = { arrived: 0, turnedAway: 0, faults: {}, answers: 0 };
  /** What no buyer may be told, in sentences. */
  readonly broken: string[] = [];
  readonly #options: LaunchOptions;
  readonly #pool: ConnectionPool;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: LaunchOptions) {
    this.#options = options;
    this.#pool = new ConnectionPool(options.port, MAX_CONNECTIONS);
  }

  /** Lets buyers arrive until `over`, and waits for the last of them. */
  async run(over: AbortSignal): Promise<void> {
    const { perSecond, random } = this.#options;
    const startedAt = performance.now();
    let due = 0;
    while (!over.aborted) {
      while (due <= performance.now() - startedAt) {
        due += (-Math.log(1 - random()) * 1000) / perSecond;
        this.#arrive();
      }
      await delay(1);
    }
    await Promise.all(this.#underWay);
  }

  /** Asks once more for everyone who gave up only because of the tries. The store is up, so now each gets an answer. */
  async settle(): Promise<void> {
    const left = this.purchases.filter(
      ({ buyer, order, isRefused }) => order === null && !isRefused && buyer.asks !== "once",
    );
    await Promise.all(left.map((purchase) => this.#place(purchase, Infinity)));
  }

  /** @throws Error where the order cannot be read */
  async statusOf({ orderId, token }: PlacedOrder): Promise<string> {
    const headers = { authorization: `Bearer ${token}` };
    const { status, body } = await this.#send({ method: "GET", path: `/api/orders/${orderId}`, headers });
    if (status !== 200) throw new Error(`order ${orderId} was acknowledged, and reads ${status} ${body}`);
    return (JSON.parse(body) as { status: string }).status;
  }

  close(): void {
    this.#pool.close();
  }

  #arrive(): void {
    this.counts.arrived += 1;
    if (this.#underWay.size >= MAX_BUYERS_AT_ONCE) {
      this.counts.turnedAway += 1;
      return;
    }
    const buyer = this.#options.nextBuyer(this.purchases.length);
    const purchase = { buyer, order: null, isRefused: false, isConfirmed: false, isCancelled: false };
    this.purchases.push(purchase);
    const buying = this.#buy(purchase)
      .catch((error: unknown) => void this.broken.push(String(error)))
      .finally(() => this.#underWay.delete(buying));
    this.#underWay.add(buying);
  }

  async #buy(purchase: Purchase): Promise<void> {
    const { buyer } = purchase;
    await this.#place(purchase, buyer.asks === "once" ? 1 : MOST_TRIES);
    if (purchase.order === null) return;
    if (buyer.asks === "again") await this.#place(purchase, MOST_TRIES);
    if (buyer.wish === "pay") await this.#pay(purchase, purchase.order);
    if (buyer.wish === "cancel") await this.#cancel(purchase, purchase.order);
  }

  async #place(purchase: Purchase, mostTries: number): Promise<void> {
    const { number, lines } = purchase.buyer;
    const answer = await this.#ask(
      {
        method: "POST",
        path: "/api/orders",
        headers: { "idempotency-key": `launch-${number}`, "cf-connecting-ip": addressOf(number) },
        body: JSON.stringify(orderBody({ lines, email: emailOf(purchase.buyer) })),
      },
      mostTries,
    );
    if (answer === null) return;
    const { status, body } = answer;
    if (status === 201) {
      const order = PlacedOrder.parse(JSON.parse(body));
      const known = purchase.order?.orderId ?? order.orderId;
      if (known !== order.orderId) this.broken.push(`one key made ${known} and ${order.orderId}`);
      purchase.order = order;
    } else if (status === 409 && purchase.order === null) purchase.isRefused = true;
    else this.broken.push(`placing ${purchase.order?.orderId ?? "an order"} was answered ${status} ${body}`);
  }

  async #pay(purchase: Purchase, order: PlacedOrder): Promise<void> {
    const { number } = purchase.buyer;
    const answer = await this.#ask(startPayment(order, number), MOST_TRIES);
    if (answer === null) return;
    if (answer.status !== 201) {
      this.broken.push(`paying ${order.orderId} was answered ${answer.status} ${answer.body}`);
      return;
    }
    const { paymentIntentId } = PaymentView.parse(JSON.parse(answer.body));
    const { status } = await this.#options.store.stripe.confirm(paymentIntentId, "pm_card_visa");
    purchase.isConfirmed = status === "requires_capture" || status === "succeeded";
  }

  async #cancel(purchase: Purchase, { orderId, token }: PlacedOrder): Promise<void> {
    await delay(this.#options.random() * REGRET_MS);
    const headers = {
      authorization: `Bearer ${token}`,
      "cf-connecting-ip": addressOf(purchase.buyer.number),
    };
    const path = `/api/orders/${orderId}/cancel`;
    const answer = await this.#ask({ method: "POST", path, headers }, MOST_TRIES);
    if (answer === null) return;
    if (answer.status === 200) purchase.isCancelled = true;
    else this.broken.push(`cancelling ${orderId} was answered ${answer.status} ${answer.body}`);
  }

  /** Repeats a request until it is answered for good; null where the tries were used up. */
  async #ask(call: HttpCall, mostTries: number): Promise<HttpAnswer | null> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      if (tries > 0) await delay(backoffMs(tries, TRY_AGAIN_AFTER, this.#options.random()));
      const answer = await this.#send(call);
      if (!TRY_AGAIN.includes(answer.status)) {
        this.counts.answers += 1;
        return answer;
      }
      this.counts.faults[answer.status] = (this.counts.faults[answer.status] ?? 0) + 1;
    }
    return null;
  }

  /** A connection that breaks is an answer that never came. */
  async #send(call: HttpCall): Promise<HttpAnswer> {
    try {
      return await this.#pool.send(call);
    } catch {
      return { status: NO_ANSWER, body: "" };
    }
  }
}
