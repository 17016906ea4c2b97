/** One key, one effect: retries of a placement, together, later, and with other content. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { PlacedOrder } from "../../src/contracts/orders.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { inParallel, range } from "../harness/in-parallel.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { newEmail, type Answer, type Placement } from "../harness/store.ts";

const store = sharedStore();

const isReplay = ({ headers }: Answer): boolean => headers.get("idempotency-replayed") === "true";

describe("a repeated request", () => {
  it("meets the same order, with its status and token as they are now", async () => {
    const sku = await store.stock.skuWith(5);
    const placement: Placement = { lines: [{ sku, quantity: 1 }], email: newEmail(), key: randomUUID() };
    const first = await store.placed(placement);
    await store.pay(first);
    await store.until(first, "paid");
    const again = await store.tryToPlace(placement);
    expect(isReplay(again)).toBe(true);
    expect(PlacedOrder.parse(again.body)).toMatchObject({
      orderId: first.orderId,
      token: first.token,
      status: "paid",
    });
    expect(await store.stock.figures(sku)).toMatchObject({ available: 4, held: 0, sold: 1 });
  });

  it("twenty times at once makes one order", async () => {
    const sku = await store.stock.skuWith(30, { unlimited: true });
    const placement: Placement = { lines: [{ sku, quantity: 3 }], email: newEmail(), key: randomUUID() };
    const answers = await inParallel(range(20), 20, () => store.tryToPlace(placement));
    expect(answers.map(({ status }) => status)).toEqual(range(20).map(() => 201));
    const orders = answers.map(({ body }) => PlacedOrder.parse(body));
    expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(1);
    expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1);
    expect(await store.stock.figures(sku)).toMatchObject({ available: 27, held: 3, sold: 0 });
    const [order] = orders;
    await store.rowsWhere<{ count: string }>(
      "exactly one row of the order",
      ["select count(*) from orders where order_id = $1", [order!.orderId]],
      ([row]) => row?.count === "1",
    );
  });

  it("of two SKUs, twenty times at once, makes one order", async () => {
    const skus = [await store.stock.skuWith(2), await store.stock.skuWith(2)];
    const lines = skus.map((sku) => ({ sku, quantity: 1 }));
    const placement: Placement = { lines, email: newEmail(), key: randomUUID() };
    const answers = await inParallel(range(20), 20, () => store.tryToPlace(placement));
    expect(answers.map(({ status }) => status)).toEqual(range(20).map(() => 201));
    for (const sku of skus)
      expect(await store.stock.figures(sku)).toMatchObject({ available: 1, held: 1, sold: 0 });
  });

  it("of the order that took the last unit is answered with it after the SKU sold out", async () => {
    const sku = await store.stock.skuWith(1);
    const placement: Placement = { lines: [{ sku, quantity: 1 }], email: newEmail(), key: randomUUID() };
    const first = await store.placed(placement);
    expectProblem(await store.tryToPlace({ lines: [{ sku, quantity: 1 }] }), "sold_out");
    const again = await store.tryToPlace(placement);
    expect(again).toMatchObject({ status: 201, body: { orderId: first.orderId, status: "reserved" } });
    expect(isReplay(again)).toBe(true);

    await store.pay(first);
    await store.until(first, "paid");
    expect(await store.tryToPlace(placement)).toMatchObject({
      status: 201,
      body: { orderId: first.orderId, status: "paid" },
    });
    expect(await store.stock.figures(sku)).toMatchObject({ available: 0, held: 0, sold: 1 });
  });

  it("of a cancelled order is answered with its end, and takes nothing again", async () => {
    const sku = await store.stock.skuWith(2);
    const placement: Placement = { lines: [{ sku, quantity: 1 }], email: newEmail(), key: randomUUID() };
    const first = await store.placed(placement);
    await store.cancel(first);
    expect(await store.tryToPlace(placement)).toMatchObject({
      status: 201,
      body: { orderId: first.orderId, status: "cancelled" },
    });
    expect(await store.stock.figures(sku)).toMatchObject({ available: 2, held: 0, sold: 0 });
  });

  it("after a refusal may succeed with the same key", async () => {
    const sku = await store.stock.skuWith(0);
    const placement: Placement = { lines: [{ sku, quantity: 1 }], email: newEmail(), key: randomUUID() };
    expectProblem(await store.tryToPlace(placement), "sold_out");
    await store.stock.adjust(sku, 1);
    const placed = await store.tryToPlace(placement);
    expect(placed.status).toBe(201);
    expect(isReplay(placed)).toBe(false);
  });
});

describe("the same key with other content", () => {
  it("is refused for another quantity, and holds nothing more", async () => {
    const sku = await store.stock.skuWith(9);
    const identity = { email: newEmail(), key: randomUUID() };
    await store.placed({ ...identity, lines: [{ sku, quantity: 1 }] });
    expectProblem(
      await store.tryToPlace({ ...identity, lines: [{ sku, quantity: 2 }] }),
      "idempotency_key_reused",
    );
    expect(await store.stock.figures(sku)).toMatchObject({ available: 8, held: 1, sold: 0 });
  });

  it.for([7, 0])("is refused for another SKU that has %i units, and holds nothing there", async (units) => {
    const [mine, other] = [await store.stock.skuWith(5), await store.stock.skuWith(units)];
    const identity = { email: newEmail(), key: randomUUID() };
    await store.placed({ ...identity, lines: [{ sku: mine, quantity: 1 }] });
    expectProblem(
      await store.tryToPlace({ ...identity, lines: [{ sku: other, quantity: 1 }] }),
      "idempotency_key_reused",
    );
    expect(await store.stock.figures(other)).toMatchObject({ available: units, held: 0, sold: 0 });
    expect(await store.stock.figures(mine)).toMatchObject({ available: 4, held: 1, sold: 0 });
  });

  it("is refused for another address after the order was paid", async () => {
    const sku = await store.stock.skuWith(5);
    const identity = { email: newEmail(), key: randomUUID(), lines: [{ sku, quantity: 1 }] };
    const first = await store.placed(identity);
    await store.pay(first);
    await store.until(first, "paid");
    expectProblem(
      await store.tryToPlace({ ...identity, body: { shippingMethod: "express" } }),
      "idempotency_key_reused",
    );
    expect(await store.stock.figures(sku)).toMatchObject({ available: 4, held: 0, sold: 1 });
  });

  it("is another order for another person", async () => {
    const sku = await store.stock.skuWith(5);
    const key = randomUUID();
    const orders = await inParallel(range(2), 2, () => store.placed({ key, lines: [{ sku, quantity: 1 }] }));
    expect(orders[0]!.orderId).not.toBe(orders[1]!.orderId);
    expect(await store.stock.figures(sku)).toMatchObject({ available: 3, held: 2 });
  });

  it("from two tabs at once, with different quantities, makes one order and one refusal", async () => {
    for (const round of range(5)) {
      const sku = await store.stock.skuWith(10, { unlimited: true });
      const identity = { email: newEmail(), key: randomUUID() };
      const quantities = round % 2 === 0 ? [1, 2] : [2, 1];
      const answers = await inParallel(quantities, 2, (quantity) =>
        store.tryToPlace({ ...identity, lines: [{ sku, quantity }] }),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
      const winner = PlacedOrder.parse(answers.find(({ status }) => status === 201)!.body);
      expectProblem(
        answers.find(({ status }) => status === 422)!,
        "idempotency_key_reused",
      );
      const held = winner.lines[0]!.quantity;
      expect(await store.stock.figures(sku)).toMatchObject({ available: 10 - held, held, sold: 0 });
    }
  });

  it("from two tabs at once, for different SKUs, makes one order and holds nothing for the other", async () => {
    const skus = [await store.stock.skuWith(5), await store.stock.skuWith(5)];
    const identity = { email: newEmail(), key: randomUUID() };
    const answers = await inParallel(skus, 2, (sku) =>
      store.tryToPlace({ ...identity, lines: [{ sku, quantity: 1 }] }),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    const held = await Promise.all(skus.map(async (sku) => (await store.stock.figures(sku)).held));
    expect(held.sort()).toEqual([0, 1]);
  });
});
