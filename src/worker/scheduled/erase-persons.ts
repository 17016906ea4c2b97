/** Takes persons whose account was removed out of their orders, as soon as each order lets go of them. */

/** Orders looked at in one go; the others' turn is the next minute. */
const MAX_ORDERS = 200;

export interface ErasePersonsDeps {
  /** Orders of removed accounts that may lose the person at `now` (epoch ms), at most `limit`. */
  readonly listOrdersToErase: (limit: number, now: number) => Promise<readonly string[]>;
  /** Asks the order itself; answers whether the person is out of it. */
  readonly eraseInOrder: (orderId: string) => Promise<boolean>;
  /** Erases what the history has, and refuses what still arrives. */
  readonly eraseInHistory: (orderId: string, now: number) => Promise<void>;
  readonly finishErasures: (erasedOrders: readonly string[], now: number) => Promise<void>;
  /** Epoch ms. */
  readonly clock: () => number;
}

/** The order goes first: what it sends from then on bears nobody. @returns how many orders have lost the person */
export async function erasePersons(deps: ErasePersonsDeps): Promise<number> {
  const now = deps.clock();
  const erased: string[] = [];
  for (const orderId of await deps.listOrdersToErase(MAX_ORDERS, now)) {
    if (!(await deps.eraseInOrder(orderId))) continue;
    await deps.eraseInHistory(orderId, now);
    erased.push(orderId);
  }
  await deps.finishErasures(erased, now);
  return erased.length;
}
