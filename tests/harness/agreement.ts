/** The promise behind every journey: money, orders and units agree, order by order. */
import { expect } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import type { OrderView } from "../../src/contracts/orders.ts";
import { EVENTUALLY_MS, type Right, type Store } from "./store.ts";

const FINAL_INTENTS = ["succeeded", "canceled"];

/** Waits until an order is decided and Stripe shows the final state of every intent of it. */
export async function untilDecided(store: Store, right: Right): Promise<OrderView> {
  const order = await store.until(right, "paid", "cancelled", "expired");
  await waitFor(
    async () =>
      (await store.stripe.moneyOf(right.orderId)).every(({ status }) => FINAL_INTENTS.includes(status)),
    { what: `the intents of ${right.orderId} to be final`, timeoutMs: EVENTUALLY_MS },
  );
  return order;
}

/** Paid means captured exactly once and in full; anything else means that no money was kept. */
export async function expectMoneyToAgree(store: Store, right: Right): Promise<OrderView> {
  const order = await store.order(right);
  const kept = (await store.stripe.moneyOf(right.orderId)).map(
    ({ captured, refunded }) => captured - refunded,
  );
  const expected = order.status === "paid" ? [order.totals.total] : [];
  expect(
    kept.filter((amount) => amount !== 0),
    `money kept for a ${order.status} order`,
  ).toEqual(expected);
  return order;
}

interface LedgerSums {
  readonly entries: string;
  readonly last: string;
  readonly available: string;
  readonly held: string;
  readonly sold: string;
}

/** Waits until Postgres has a SKU's whole ledger, and checks that it adds up to the object's figures without a gap. */
export async function expectLedgerToAddUp(store: Store, sku: string): Promise<void> {
  const { available, held, sold, ledgerSequence } = await store.stock.figures(sku);
  const statement = `
    select count(*) as entries, max(sequence) as last, sum(available_delta) as available,
           sum(held_delta) as held, sum(sold_delta) as sold
    from stock_ledger where sku = $1`;
  const [sums] = await store.rowsWhere<LedgerSums>(
    `the ledger of ${sku} to be complete`,
    [statement, [sku]],
    ([row]) => Number(row?.last) >= ledgerSequence,
  );
  expect(sums).toEqual({
    entries: String(ledgerSequence),
    last: String(ledgerSequence),
    available: String(available),
    held: String(held),
    sold: String(sold),
  });
}
