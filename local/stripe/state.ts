/** Everything the emulator remembers: its collections, and transactions that reach the journal as one line each. */
import type Stripe from "stripe";
import type { CardBehaviour } from "./cards.ts";
import { Collection } from "./collection.ts";
import type { Journal } from "./journal.ts";

/** A payment method together with what its card does, which Stripe would not show. */
export type CardRecord = { method: Stripe.PaymentMethod; behaviour: CardBehaviour };

export type EndpointRecord = Stripe.WebhookEndpoint & { secret: string };

/** A webhook that still has to arrive: the next attempt for one event at one endpoint. */
export type Delivery = {
  id: string;
  eventId: string;
  endpointId: string;
  failedAttempts: number;
  /** When the next attempt is due, Unix time in milliseconds; 0 is at once. */
  dueMs: number;
  /** Asked for by a test: no fault is injected into it. */
  redelivery: boolean;
};

/** The answer that was given for an idempotency key. */
export type IdempotencyRecord = {
  fingerprint: string;
  endpoint: string;
  status: number;
  body: string;
  requestId: string;
  createdMs: number;
};

type Change = { kind: string; id: string; collection: Collection<object>; previous: object | undefined };

/**
 * A request changes collections synchronously, then either commits, and all of its changes reach the journal in one
 * line, or rolls back. So neither a refusal nor a crash ever leaves half a request behind.
 */
export class EmulatorState {
  readonly #changes = new Map<string, Change>();
  readonly #collections = new Map<string, Collection<object>>();
  #journal: Journal | null = null;
  #newDeliveries: Delivery[] = [];
  #onDeliveries: (deliveries: Delivery[]) => void = () => undefined;

  readonly paymentIntents = this.#collection<Stripe.PaymentIntent>("payment_intent");
  readonly charges = this.#collection<Stripe.Charge>("charge", (charge) => idOf(charge.payment_intent));
  readonly refunds = this.#collection<Stripe.Refund>("refund", (refund) => idOf(refund.charge));
  readonly disputes = this.#collection<Stripe.Dispute>("dispute", (dispute) => idOf(dispute.charge));
  readonly customers = this.#collection<Stripe.Customer>("customer");
  readonly cards = this.#collection<CardRecord>("payment_method");
  readonly events = this.#collection<Stripe.Event>("event");
  readonly endpoints = this.#collection<EndpointRecord>("webhook_endpoint");
  readonly deliveries = this.#collection<Delivery>("delivery", (delivery) => delivery.eventId);
  readonly idempotency = this.#collection<IdempotencyRecord>("idempotency");

  /** From now on commits are written to `journal`. */
  attachJournal(journal: Journal): void {
    this.#journal = journal;
  }

  /** `listener` hears of each new delivery once the transaction that made it is safe. */
  whenDeliveriesCommitted(listener: (deliveries: Delivery[]) => void): void {
    this.#onDeliveries = listener;
  }

  addDelivery(delivery: Delivery): void {
    this.deliveries.put(delivery.id, delivery);
    this.#newDeliveries.push(delivery);
  }

  /** Makes the changes since the last commit permanent. Resolves when the journal has them; rejects where it cannot. */
  async commit(): Promise<void> {
    const records = [...this.#changes.values()].map(({ kind, id, collection }) => [
      kind,
      id,
      collection.get(id) ?? null,
    ]);
    const deliveries = this.#newDeliveries;
    this.#changes.clear();
    this.#newDeliveries = [];
    if (records.length > 0) await this.#journal?.append(JSON.stringify(records));
    if (deliveries.length > 0) this.#onDeliveries(deliveries);
  }

  /** Takes back the changes since the last commit. */
  rollback(): void {
    for (const { collection, id, previous } of [...this.#changes.values()].reverse())
      collection.restore(id, previous);
    this.#changes.clear();
    this.#newDeliveries = [];
  }

  /** Applies a record read from the journal. */
  load(record: unknown): void {
    for (const [kind, id, value] of record as [string, string, object | null][]) {
      const collection = this.#collections.get(kind);
      if (collection === undefined)
        throw new Error(`The journal names a collection this emulator does not know: ${kind}`);
      collection.restore(id, value ?? undefined);
    }
  }

  /** The whole state as journal lines. */
  snapshot(): string[] {
    const lines: string[] = [];
    for (const [kind, collection] of this.#collections) {
      for (const [id, value] of collection.entries()) lines.push(JSON.stringify([[kind, id, value]]));
    }
    return lines;
  }

  /** Forgets everything but the endpoints that `keep` names. */
  async clear(keep: (endpoint: EndpointRecord) => boolean): Promise<void> {
    const kept = [...this.endpoints.values()].filter(keep);
    this.#changes.clear();
    this.#newDeliveries = [];
    for (const collection of this.#collections.values()) collection.clear();
    for (const endpoint of kept) this.endpoints.restore(endpoint.id, endpoint);
    await this.#journal?.compact();
  }

  #collection<Value extends object>(
    kind: string,
    groupOf?: (value: Value) => string | null,
  ): Collection<Value> {
    const collection: Collection<Value> = new Collection<Value>((id, previous) => {
      const key = `${kind}/${id}`;
      if (this.#changes.has(key)) return;
      this.#changes.set(key, { kind, id, collection: collection as unknown as Collection<object>, previous });
    }, groupOf);
    this.#collections.set(kind, collection as unknown as Collection<object>);
    return collection;
  }
}

/** The id of a reference, which Stripe's types allow to be expanded. */
export function idOf(reference: string | { id: string } | null | undefined): string | null {
  if (reference === null || reference === undefined) return null;
  return typeof reference === "string" ? reference : reference.id;
}
