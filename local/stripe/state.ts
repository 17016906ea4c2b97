/** Everything the emulator remembers: its collections, and transactions that reach the journal as one line each. */
import type Stripe from "stripe";
import type { CardBehaviour } from "./cards.ts";
import { Collection, type CollectionOptions } from "./collection.ts";
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

/** As the journal has it: kind, id, and the value, or `null` where it is gone. */
type JournalRecord = [kind: string, id: string, value: object | null];

/** So many ended deliveries may wait for a line of the journal that is written anyway. */
const MAX_UNWRITTEN_ENDS = 256;

/**
 * A request changes collections synchronously, then either commits, and all of its changes reach the journal in one
 * line, or rolls back. So neither a refusal nor a crash ever leaves half a request behind.
 */
export class EmulatorState {
  readonly #changes = new Map<string, Change>();
  readonly #collections = new Map<string, Collection<object>>();
  #journal: Journal | null = null;
  #newDeliveries: Delivery[] = [];
  /** Deliveries that ended since the last line of the journal. */
  #unwrittenEnds: string[] = [];
  #onDeliveries: (deliveries: Delivery[]) => void = () => undefined;

  readonly paymentIntents = this.#collection<Stripe.PaymentIntent>("payment_intent");
  readonly charges = this.#collection<Stripe.Charge>("charge", {
    groupOf: (charge) => idOf(charge.payment_intent),
  });
  readonly refunds = this.#collection<Stripe.Refund>("refund", { groupOf: (refund) => idOf(refund.charge) });
  readonly disputes = this.#collection<Stripe.Dispute>("dispute", {
    groupOf: (dispute) => idOf(dispute.charge),
  });
  readonly fraudWarnings = this.#collection<Stripe.Radar.EarlyFraudWarning>("early_fraud_warning");
  readonly customers = this.#collection<Stripe.Customer>("customer");
  readonly cards = this.#collection<CardRecord>("payment_method");
  /** An event that no endpoint asked for is listed until this process ends: there is nothing to deliver after a restart. */
  readonly events = this.#collection<Stripe.Event>("event", {
    isKept: (event) => event.pending_webhooks > 0,
  });
  readonly endpoints = this.#collection<EndpointRecord>("webhook_endpoint");
  readonly deliveries = this.#collection<Delivery>("delivery", { groupOf: (delivery) => delivery.eventId });
  /** Events that an endpoint never took, its retries included, as of this process. */
  readonly lostEvents = new Set<string>();
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
    const records = [...this.#changes.values()].flatMap(recordOf);
    const deliveries = this.#newDeliveries;
    this.#changes.clear();
    this.#newDeliveries = [];
    if (records.length > 0) await this.#append(records);
    if (deliveries.length > 0) this.#onDeliveries(deliveries);
  }

  /**
   * Removes a delivery that has come to its end, outside of any transaction. Its end is written with the next line of the journal: were it
   * lost before, the receiver would only get the event once more. Rejects where the journal cannot be written.
   */
  async endDelivery(id: string): Promise<void> {
    this.deliveries.restore(id, undefined);
    this.#unwrittenEnds.push(id);
    if (this.#unwrittenEnds.length >= MAX_UNWRITTEN_ENDS) await this.#append([]);
  }

  /** Writes what still waits for a line of the journal. */
  async flush(): Promise<void> {
    if (this.#unwrittenEnds.length > 0) await this.#append([]);
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
      for (const [id, value] of collection.entries())
        if (collection.isKept(value)) lines.push(JSON.stringify([[kind, id, value]]));
    }
    return lines;
  }

  /** Forgets everything but the endpoints that `keep` names. */
  async clear(keep: (endpoint: EndpointRecord) => boolean): Promise<void> {
    const kept = [...this.endpoints.values()].filter(keep);
    this.#changes.clear();
    this.#newDeliveries = [];
    this.#unwrittenEnds = [];
    this.lostEvents.clear();
    for (const collection of this.#collections.values()) collection.clear();
    for (const endpoint of kept) this.endpoints.restore(endpoint.id, endpoint);
    await this.#journal?.compact();
  }

  async #append(records: readonly JournalRecord[]): Promise<void> {
    const ends = this.#unwrittenEnds.map((id): JournalRecord => ["delivery", id, null]);
    this.#unwrittenEnds = [];
    await this.#journal?.append(JSON.stringify([...records, ...ends]));
  }

  #collection<Value extends object>(kind: string, options?: CollectionOptions<Value>): Collection<Value> {
    const collection: Collection<Value> = new Collection<Value>((id, previous) => {
      const key = `${kind}/${id}`;
      if (this.#changes.has(key)) return;
      this.#changes.set(key, { kind, id, collection: collection as unknown as Collection<object>, previous });
    }, options);
    this.#collections.set(kind, collection as unknown as Collection<object>);
    return collection;
  }
}

/** Nothing where the value was never kept and is not to be. */
function recordOf({ kind, id, collection, previous }: Change): JournalRecord[] {
  const value = collection.get(id);
  const isKept = value !== undefined && collection.isKept(value);
  const wasKept = previous !== undefined && collection.isKept(previous);
  return isKept || wasKept ? [[kind, id, isKept ? value : null]] : [];
}

/** The id of a reference, which Stripe's types allow to be expanded. */
export function idOf(reference: string | { id: string } | null | undefined): string | null {
  if (reference === null || reference === undefined) return null;
  return typeof reference === "string" ? reference : reference.id;
}
