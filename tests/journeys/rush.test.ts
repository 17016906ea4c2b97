/** The launch minute: many more buyers than units, all at once. */
import { expect, it } from "vitest";
import { PlacedOrder } from "../../src/contracts/orders.ts";
import { expectLedgerToAddUp } from "../harness/agreement.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { inParallel, range } from "../harness/in-parallel.ts";
import { sharedStore } from "../harness/shared-store.ts";

const store = sharedStore();

const BUYERS = 500;
const UNITS = 50;

it("of 500 buyers at once for 50 units exactly 50 win, and each of them pays exactly once", async () => {
  const sku = await store.stock.skuWith(UNITS);
  const answers = await inParallel(range(BUYERS), BUYERS, () =>
    store.tryToPlace({ lines: [{ sku, quantity: 1 }] }),
  );
  const won = answers.filter(({ status }) => status === 201);
  const lost = answers.filter(({ status }) => status !== 201);
  for (const answer of lost) expectProblem(answer, "sold_out");
  expect(won).toHaveLength(UNITS);
  expect(lost).toHaveLength(BUYERS - UNITS);
  const orders = won.map(({ body }) => PlacedOrder.parse(body));
  expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(UNITS);
  for (const { status } of orders) expect(status).toBe("reserved");
  expect(await store.stock.figures(sku)).toMatchObject({ available: 0, held: UNITS, sold: 0 });

  await inParallel(orders, 16, (order) => store.pay(order));
  await inParallel(orders, 16, (order) => store.until(order, "paid"));
  expect(await store.stock.figures(sku)).toMatchObject({ available: 0, held: 0, sold: UNITS });

  const ids = new Set(orders.map(({ orderId }) => orderId));
  const { paymentIntents } = await store.stripe.ledger();
  const ours = paymentIntents.filter(({ metadata }) => ids.has(metadata["order_id"] ?? ""));
  expect(ours).toHaveLength(UNITS);
  for (const { status, amount, captured, refunded } of ours)
    expect({ status, captured, refunded }).toEqual({ status: "succeeded", captured: amount, refunded: 0 });
  await expectLedgerToAddUp(store, sku);
  await store.rowsWhere<{ count: string }>(
    "fifty paid orders in Postgres",
    ["select count(*) from orders where status = 'paid' and order_id = any($1)", [[...ids]]],
    ([row]) => row?.count === String(UNITS),
  );
});
