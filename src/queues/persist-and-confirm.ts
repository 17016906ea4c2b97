/**
 * What the orders and the stock-ledger consumer have in common: a batch goes to Postgres in one transaction, and what is
 * committed is confirmed back to the objects it came from.
 *
 * An object is the record and sends again until it is confirmed. So while Postgres is away messages are acknowledged
 * unconfirmed: nothing is dropped, and nothing piles up twice.
 */
import type { LogFields } from "../adapters/telemetry/telemetry.ts";
import { forEachBounded } from "./bounded-concurrency.ts";
import type { Received } from "./intake.ts";
import { isolatePoisoned } from "./isolate-poisoned.ts";
import type { Settlement, SettlementDeps } from "./settlement.ts";

/** Calls to objects under way at once, from one batch. */
const CONFIRM_CONCURRENCY = 20;

export interface OutboxDeps<Body, Persisted> extends SettlementDeps {
  /** All in one transaction; idempotent, and what is newer wins. Throws when nothing of it was committed. */
  readonly persist: (bodies: Body[]) => Promise<readonly Persisted[]>;
  /** Whether a fault of `persist` is caused by the data of a message, not by Postgres being away. */
  readonly blamesData: (fault: unknown) => boolean;
  /** Tells the object what is safely in Postgres. */
  readonly confirm: (persisted: Persisted) => Promise<void>;
}

export interface OutboxKind<Persisted> {
  readonly queue: string;
  /** One confirmation per object: the newest of several. */
  readonly newestOf: (persisted: readonly Persisted[]) => Persisted[];
  readonly fieldsOf: (persisted: Persisted) => LogFields;
}

/** Settles every message of `received`. */
export async function persistAndConfirm<Body, Persisted>(
  received: readonly Received<Body>[],
  kind: OutboxKind<Persisted>,
  settlement: Settlement,
  deps: OutboxDeps<Body, Persisted>,
): Promise<void> {
  const persist = async (part: Received<Body>[]): Promise<Persisted[]> => [
    ...(await deps.persist(part.map(({ body }) => body))),
  ];
  let outcome;
  try {
    outcome = await isolatePoisoned(received, persist, deps.blamesData);
  } catch (fault) {
    deps.telemetry.fault("persist.deferred", fault, { queue: kind.queue, count: received.length });
    deps.telemetry.count("persist_deferred", { where: kind.queue, count: received.length });
    for (const { message } of received) settlement.acknowledge(message);
    return;
  }
  await forEachBounded(kind.newestOf(outcome.results), CONFIRM_CONCURRENCY, (persisted) =>
    confirm(persisted, kind, deps),
  );
  const parked = new Set(outcome.poisoned.map(({ item }) => item));
  for (const { item, fault } of outcome.poisoned) {
    await settlement.park(item.message, fault);
  }
  for (const item of received) if (!parked.has(item)) settlement.acknowledge(item.message);
}

/** A confirmation that gets lost does no harm: the object sends again and is confirmed then. */
async function confirm<Body, Persisted>(
  persisted: Persisted,
  kind: OutboxKind<Persisted>,
  deps: OutboxDeps<Body, Persisted>,
): Promise<void> {
  try {
    await deps.confirm(persisted);
  } catch (fault) {
    deps.telemetry.fault("confirm.lost", fault, { queue: kind.queue, ...kind.fieldsOf(persisted) });
    deps.telemetry.count("confirm_lost", { where: kind.queue });
  }
}
