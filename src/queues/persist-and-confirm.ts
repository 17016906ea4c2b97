/**
 * What the orders and the stock-ledger consumer have in common: what a batch brings goes to Postgres together, and what is
 * committed is confirmed back to the objects it came from, each with one call.
 *
 * An object is the record and sends again until it is confirmed. So while Postgres is away messages are acknowledged
 * unconfirmed: nothing is dropped, and nothing piles up twice.
 */
import { forEachBounded } from "./bounded-concurrency.ts";
import type { Received } from "./intake.ts";
import { isolateFailing } from "./isolate-failing.ts";
import type { QueueMessage } from "./message-batch.ts";
import type { Settlement, SettlementDeps, Unprocessable } from "./settlement.ts";

/** Calls to objects under way at once, from one batch. */
const CONFIRM_CONCURRENCY = 20;

export interface OutboxDeps<Body, Persisted> extends SettlementDeps {
  /** All in one transaction; idempotent, and what is newer wins. Throws when nothing of it was committed. */
  readonly persist: (bodies: Body[]) => Promise<readonly Persisted[]>;
  /** Whether a fault of `persist` is caused by the data of a body, not by Postgres being away. */
  readonly blamesData: (fault: unknown) => boolean;
  /** The name of the object it came from, or null where there can be none. */
  readonly objectOf: (persisted: Persisted) => string | null;
  /** Tells an object what of its own is safely in Postgres. */
  readonly confirm: (object: string, persisted: Persisted[]) => Promise<void>;
}

export interface OutboxKind<Body, Persisted> {
  readonly queue: string;
  /** How many bodies one `persist` takes. */
  readonly maxAtOnce: number;
  /** The message that carries this body alone. */
  readonly messageOf: (body: Body) => unknown;
  /** One confirmation for each thing confirmed: the newest of several. */
  readonly newestOf: (persisted: readonly Persisted[]) => Persisted[];
}

/** Content of a message that cannot be stored, found before Postgres was asked. */
export interface Unreadable extends Unprocessable {
  readonly message: QueueMessage;
}

/**
 * Settles every message of `received` and `unreadable`; a message may be in both, and several times in each: it is
 * acknowledged when everything it carries is stored, deferred, or kept for ops.
 */
export async function persistAndConfirm<Body, Persisted>(
  received: readonly Received<Body>[],
  kind: OutboxKind<Body, Persisted>,
  settlement: Settlement,
  deps: OutboxDeps<Body, Persisted>,
  unreadable: readonly Unreadable[] = [],
): Promise<void> {
  const { persisted, refused } = await persistAll(received, kind, deps);
  await confirmAll(kind.newestOf(persisted), kind, deps);
  const unprocessable = Map.groupBy([...unreadable, ...refused], ({ message }) => message);
  for (const [message, parts] of unprocessable) await settlement.deadLetterParts(message, parts);
  for (const message of new Set(received.map(({ message }) => message))) {
    if (!unprocessable.has(message)) settlement.acknowledge(message);
  }
}

/** Stores what can be stored. The first fault that is not the data's defers what is left: Postgres is away for all. */
async function persistAll<Body, Persisted>(
  received: readonly Received<Body>[],
  kind: OutboxKind<Body, Persisted>,
  deps: OutboxDeps<Body, Persisted>,
): Promise<{ persisted: Persisted[]; refused: Unreadable[] }> {
  const persisted: Persisted[] = [];
  const refused: Unreadable[] = [];
  const persist = async (part: Received<Body>[]): Promise<Persisted[]> => [
    ...(await deps.persist(part.map(({ body }) => body))),
  ];
  for (let start = 0; start < received.length; start += kind.maxAtOnce) {
    const chunk = received.slice(start, start + kind.maxAtOnce);
    try {
      const outcome = await isolateFailing(chunk, persist, deps.blamesData);
      persisted.push(...outcome.results);
      for (const { item, fault } of outcome.failing) {
        const { message, body } = item;
        refused.push({ message, id: message.id, body: kind.messageOf(body), fault });
      }
    } catch (fault) {
      const count = received.length - start;
      deps.telemetry.fault("persist.deferred", fault, { queue: kind.queue, count });
      deps.telemetry.count("persist_deferred", { where: kind.queue, count });
      break;
    }
  }
  return { persisted, refused };
}

async function confirmAll<Body, Persisted>(
  persisted: readonly Persisted[],
  { queue }: OutboxKind<Body, Persisted>,
  deps: OutboxDeps<Body, Persisted>,
): Promise<void> {
  const byObject = Map.groupBy(persisted, (each) => deps.objectOf(each));
  await forEachBounded([...byObject], CONFIRM_CONCURRENCY, async ([object, own]) => {
    try {
      if (object === null) throw new Error("no object can have sent this");
      await deps.confirm(object, own);
    } catch (fault) {
      // A confirmation that gets lost does no harm: the object sends again and is confirmed then.
      deps.telemetry.fault("confirm.lost", fault, { queue, source: object, count: own.length });
      deps.telemetry.count("confirm_lost", { where: queue, count: own.length });
    }
  });
}
