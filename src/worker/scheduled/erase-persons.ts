/** Takes persons whose account was removed out of their orders, as soon as each order lets go of them. */
import type { Telemetry } from "../../adapters/telemetry/telemetry.ts";
import { forEachBounded } from "../../queues/bounded-concurrency.ts";

/** Orders looked at in one go; the others' turn is the next minute. */
const MAX_ORDERS = 200;
/** Orders asked at once. */
const ORDER_CONCURRENCY = 10;

export interface ErasePersonsDeps {
  /** Orders of removed accounts that may lose the person at `now` (epoch ms), at most `limit`. */
  readonly listOrdersToErase: (limit: number, now: number) => Promise<readonly string[]>;
  /** Asks the order itself; answers whether the person is out of it. */
  readonly eraseInOrder: (orderId: string) => Promise<boolean>;
  /** Erases what the history has, and refuses what still arrives. */
  readonly eraseInHistory: (orderId: string, now: number) => Promise<void>;
  readonly finishErasures: (erasedOrders: readonly string[], now: number) => Promise<void>;
  readonly telemetry: Telemetry;
  /** Epoch ms. */
  readonly clock: () => number;
}

/**
 * The order goes first: what it sends from then on holds no person. One that fails is logged and left to the next run.
 *
 * @returns how many orders have lost the person
 * @throws where Postgres cannot be reached
 */
export async function erasePersons(deps: ErasePersonsDeps): Promise<number> {
  const now = deps.clock();
  const erased: string[] = [];
  await forEachBounded(await deps.listOrdersToErase(MAX_ORDERS, now), ORDER_CONCURRENCY, async (orderId) => {
    try {
      if (!(await deps.eraseInOrder(orderId))) return;
      await deps.eraseInHistory(orderId, now);
      erased.push(orderId);
    } catch (fault) {
      deps.telemetry.fault("order.person_not_erased", fault, { orderId });
    }
  });
  await deps.finishErasures(erased, now);
  return erased.length;
}
