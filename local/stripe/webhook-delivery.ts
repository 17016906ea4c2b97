/** Delivers webhooks: signed, concurrently, at least once, with backoff; the schedule is part of the kept state. */
import { renderEvent } from "./events.ts";
import type { FaultInjector } from "./faults.ts";
import type { Delivery, EmulatorState } from "./state.ts";
import { createWebhookPoster } from "./webhook-posting.ts";
import { signatureHeader } from "./webhook-signature.ts";

const MAX_CONCURRENT = 32;
/** Stripe goes on for three days; here a receiver that stays away is given up after about ten minutes. */
const MAX_ATTEMPTS = 16;
export const DEFAULT_RETRY_BASE_MS = 1000;
const MAX_RETRY_DELAY_MS = 60_000;

export type DispatcherOptions = {
  state: EmulatorState;
  faults: FaultInjector;
  nowMs: () => number;
  /** Wait after the first failure; it doubles with each further one, up to a minute. */
  retryBaseMs: number;
  maxAttempts?: number;
};

/** Counts since the start, and what is still to do. */
export type DeliveryFigures = {
  pending: number;
  inFlight: number;
  delivered: number;
  duplicates: number;
  failedAttempts: number;
  abandoned: number;
  dropped: number;
};

const NO_COUNTS = { delivered: 0, duplicates: 0, failedAttempts: 0, abandoned: 0, dropped: 0 };

export class WebhookDispatcher {
  readonly #options: DispatcherOptions;
  readonly #poster = createWebhookPoster();
  /** Deliveries whose moment has come, in order of arrival. */
  readonly #ready = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #inFlight = new Set<Promise<void>>();
  #counts = { ...NO_COUNTS };
  #stopped = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  get figures(): DeliveryFigures {
    return { pending: this.#options.state.deliveries.size, inFlight: this.#inFlight.size, ...this.#counts };
  }

  /** Takes over deliveries that were just committed; here faults are injected. */
  accept(deliveries: readonly Delivery[]): void {
    const { state, faults } = this.#options;
    for (const delivery of deliveries) {
      const plan = delivery.redelivery
        ? { dropped: false, delayMs: 0, copyDelaysMs: [] }
        : faults.nextDelivery();
      if (plan.dropped) {
        this.#counts.dropped += 1;
        state.lostEvents.add(delivery.eventId);
        this.#written(state.endDelivery(delivery.id));
        continue;
      }
      this.#schedule(delivery.id, plan.delayMs);
      for (const delayMs of plan.copyDelaysMs)
        this.#after(delayMs, () => this.#track(this.#sendCopy(delivery)));
    }
  }

  /** Takes up what an earlier run left undone. */
  resume(): void {
    const nowMs = this.#options.nowMs();
    for (const delivery of this.#options.state.deliveries.values()) {
      this.#schedule(delivery.id, Math.max(0, delivery.dueMs - nowMs));
    }
  }

  /** Forgets every timer; what was scheduled is gone with the state. */
  reset(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#ready.clear();
    this.#counts = { ...NO_COUNTS };
  }

  /** Stops sending. What is under way counts as not delivered and is sent again by the next run. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.reset();
    this.#poster.close();
    await Promise.allSettled([...this.#inFlight]);
  }

  #schedule(id: string, delayMs: number): void {
    if (delayMs > 0) {
      this.#after(delayMs, () => this.#schedule(id, 0));
      return;
    }
    this.#ready.add(id);
    this.#pump();
  }

  #after(delayMs: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, delayMs);
    this.#timers.add(timer);
  }

  #pump(): void {
    for (const id of this.#ready) {
      if (this.#stopped || this.#inFlight.size >= MAX_CONCURRENT) return;
      this.#ready.delete(id);
      this.#track(this.#attempt(id));
    }
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => {
        console.error("webhook delivery:", error);
      })
      .finally(() => {
        this.#inFlight.delete(tracked);
        this.#pump();
      });
    this.#inFlight.add(tracked);
  }

  async #attempt(id: string): Promise<void> {
    const { state, nowMs } = this.#options;
    const delivery = state.deliveries.get(id);
    if (delivery === undefined) return;
    const accepted = await this.#post(delivery);
    // A reset, a restart or the end of the endpoint may have come in between.
    if (this.#stopped || state.deliveries.get(id) !== delivery) return;
    const failedAttempts = delivery.failedAttempts + 1;
    if (
      accepted === "gone" ||
      accepted === "yes" ||
      failedAttempts >= (this.#options.maxAttempts ?? MAX_ATTEMPTS)
    ) {
      this.#written(state.endDelivery(id));
      if (accepted === "yes") this.#counts.delivered += 1;
      if (accepted === "no") {
        this.#counts.abandoned += 1;
        state.lostEvents.add(delivery.eventId);
      }
    } else {
      const delayMs = this.#retryDelayMs(failedAttempts);
      state.deliveries.put(id, { ...delivery, failedAttempts, dueMs: nowMs() + delayMs });
      this.#written(state.commit());
      this.#schedule(id, delayMs);
    }
    if (accepted === "no") this.#counts.failedAttempts += 1;
  }

  /** A duplicate is sent once: it is the fault, not the promise. */
  async #sendCopy(delivery: Delivery): Promise<void> {
    if (this.#stopped) return;
    await this.#post(delivery);
    this.#counts.duplicates += 1;
  }

  async #post(delivery: Delivery): Promise<"gone" | "no" | "yes"> {
    const { state, nowMs } = this.#options;
    const event = state.events.get(delivery.eventId);
    const endpoint = state.endpoints.get(delivery.endpointId);
    if (event === undefined || endpoint?.status !== "enabled") return "gone";
    const payload = JSON.stringify(renderEvent(state, event));
    const signature = signatureHeader(payload, endpoint.secret, Math.floor(nowMs() / 1000));
    try {
      const status = await this.#poster.post(endpoint.url, payload, signature);
      return status >= 200 && status < 300 ? "yes" : "no";
    } catch {
      // A receiver that cannot be reached is one that did not take the event: the schedule is the answer to both.
      return "no";
    }
  }

  #retryDelayMs(failedAttempts: number): number {
    return Math.min(MAX_RETRY_DELAY_MS, this.#options.retryBaseMs * 2 ** (failedAttempts - 1));
  }

  /** Nobody waits for this write: were it lost, the receiver would only get the event once more. */
  #written(writing: Promise<void>): void {
    writing.catch((error: unknown) => {
      console.error("webhook schedule could not be written:", error);
    });
  }
}
