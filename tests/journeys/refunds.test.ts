/** Refunds of paid orders: by staff, at Stripe's dashboard, and those that fail later. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import type { PlacedOrder } from "../../src/contracts/orders.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { inParallel, range } from "../harness/in-parallel.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS, expectStatus, newEmail, type Answer } from "../harness/store.ts";

const store = sharedStore();

interface Paid {
  readonly placed: PlacedOrder;
  readonly sku: string;
  readonly intentId: string;
  readonly email: string;
}

async function paid({ quantity = 1, card = "pm_card_visa", stock = 5 } = {}): Promise<Paid> {
  const sku = await store.stock.skuWith(stock);
  const email = newEmail();
  const placed = await store.placed({ lines: [{ sku, quantity }], email });
  const intentId = await store.pay(placed, card);
  await store.until(placed, "paid");
  return { placed, sku, intentId, email };
}

const refund = (orderId: string, body: object): Promise<Answer> =>
  store.ops("POST", `/api/ops/orders/${orderId}/refunds`, {
    id: randomUUID(),
    restock: false,
    reason: "the buyer asked",
    ...body,
  });

describe("a refund by staff", () => {
  it("of a whole order gives the money and the units back, tells the buyer, and is in the audit log and Postgres", async () => {
    const { placed, sku, intentId, email } = await paid({ quantity: 2 });
    const { orderId, totals } = placed;
    const id = randomUUID();
    const answer = await refund(orderId, { id, restock: true });
    expect(expectStatus(answer, 202)).toEqual({
      refund: { id, amount: totals.total, status: "pending" },
    });
    const refunded = await store.until(placed, "refunded");
    expect(refunded.refunded).toBe(totals.total);
    expect(await store.stripe.refundsOf(intentId)).toMatchObject([{ amount: totals.total }]);
    await waitFor(async () => (await store.stock.figures(sku)).available === 5, {
      what: "the units to be back on sale",
      timeoutMs: EVENTUALLY_MS,
    });
    await store.rowsWhere(
      "the returned units in the ledger",
      ["select kind from stock_ledger where sku = $1 and kind = 'returned'", [sku]],
      (rows) => rows.length === 1,
    );
    await store.rowsWhere<{ status: string; restock: string }>(
      "the refund in Postgres",
      ["select status, restock from order_refunds where order_id = $1", [orderId]],
      ([row, ...others]) => row?.status === "succeeded" && row.restock === "done" && others.length === 0,
    );
    expect(
      await store.rows("select action, reason from audit_log where subject = $1 order by id", [orderId]),
    ).toEqual([
      { action: "order.refund", reason: "the buyer asked" },
      { action: "order.refund", reason: "the buyer asked" },
    ]);
    await waitFor(
      async () => (await store.mailTo(email)).some((subject) => subject.startsWith("We refunded")),
      {
        what: "the email about the refund",
        timeoutMs: EVENTUALLY_MS,
      },
    );
    // The same again is the same refund; the units stay back once.
    expect(expectStatus(await refund(orderId, { id, restock: true }), 202)).toEqual({
      refund: { id, amount: totals.total, status: "succeeded" },
    });
    expectProblem(await refund(orderId, {}), "exceeds_captured");
  });

  it("fifty of one order at once never give back more than was captured", async () => {
    const { placed, intentId } = await paid();
    const amount = Math.floor(placed.totals.total / 4.5);
    const answers = await inParallel(range(50), 50, () => refund(placed.orderId, { amount }));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(4);
    for (const answer of answers.filter(({ status }) => status !== 202))
      expectProblem(answer, "exceeds_captured");
    await store.orderWhere(placed, "to be refunded four times", ({ refunded }) => refunded === 4 * amount);
    expect(await store.stripe.refundsOf(intentId)).toHaveLength(4);
    expect((await store.order(placed)).status).toBe("paid");
  });

  it("under one id sent fifty times is one refund at Stripe", async () => {
    const { placed, intentId } = await paid();
    const id = randomUUID();
    const answers = await inParallel(range(50), 50, () => refund(placed.orderId, { id, amount: 700 }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    await store.orderWhere(placed, "to be refunded", ({ refunded }) => refunded === 700);
    expect(await store.stripe.refundsOf(intentId)).toHaveLength(1);
  });

  it("that names lines and an amount, an unknown SKU, or nothing of a known order is refused", async () => {
    const { placed, sku } = await paid();
    const lines = [{ sku, quantity: 1 }];
    expect(
      expectProblem(await refund(placed.orderId, { amount: 5, lines }), "validation_failed").errors,
    ).toEqual([{ path: "amount", message: "cannot be given together with lines" }]);
    expectProblem(await refund(placed.orderId, { amount: 5, restock: true }), "validation_failed");
    expectProblem(
      await refund(placed.orderId, { lines: [{ sku: "NO-SUCH-SKU", quantity: 1 }] }),
      "validation_failed",
    );
    expectProblem(await refund("not-an-order", {}), "not_found");
    const unpaid = await store.placed({ lines });
    expectProblem(await refund(unpaid.orderId, {}), "exceeds_captured");
  });

  it("of a disputed payment is refused", async () => {
    const { placed } = await paid({ card: "pm_card_createDispute" });
    await waitFor(
      async () => {
        const answer = await refund(placed.orderId, { amount: 1 });
        return answer.status === 409 && expectProblem(answer, "disputed");
      },
      { what: "the dispute to be known", timeoutMs: EVENTUALLY_MS },
    );
  });
});

describe("a paid order that is canceled", () => {
  it("by its buyer is refunded in full and restocked by itself, told by email, and ends refunded", async () => {
    const { placed, sku, intentId, email } = await paid({ quantity: 2 });
    const [first, second] = await inParallel(range(2), 2, () => store.cancel(placed));
    expect([first?.status, second?.status]).toEqual([202, 202]);
    const refunded = await store.until(placed, "refunded");
    expect(refunded.refunded).toBe(placed.totals.total);
    expect(await store.stripe.refundsOf(intentId)).toHaveLength(1);
    await waitFor(async () => (await store.stock.figures(sku)).available === 5, {
      what: "the units to be back on sale",
      timeoutMs: EVENTUALLY_MS,
    });
    await waitFor(
      async () => (await store.mailTo(email)).some((subject) => subject.startsWith("We refunded")),
      { what: "the email about the refund", timeoutMs: EVENTUALLY_MS },
    );
    expect((await store.cancel(placed)).status).toBe(202);
  });

  it("by staff is one refund, and an unpaid one just ends", async () => {
    const { placed, intentId } = await paid();
    const body = { id: randomUUID(), reason: "out of stock after all", restock: false };
    const path = `/api/ops/orders/${placed.orderId}/cancel`;
    for (let time = 0; time < 3; time++) expectStatus(await store.ops("POST", path, body), 202);
    await store.until(placed, "refunded");
    expect(await store.stripe.refundsOf(intentId)).toHaveLength(1);
    const unpaid = await store.placed({ lines: [{ sku: await store.stock.plenty(), quantity: 1 }] });
    const canceled = await store.ops("POST", `/api/ops/orders/${unpaid.orderId}/cancel`, body);
    expect(expectStatus(canceled, 202)).toEqual({ refund: null });
    expect((await store.order(unpaid)).status).toBe("cancelled");
  });
});

describe("a refund that Stripe changes", () => {
  it("from succeeded to failed moves the order back, and it can be refunded anew", async () => {
    const { placed, intentId } = await paid({ card: "pm_card_refundFail" });
    await refund(placed.orderId, {});
    const whole = await store.until(placed, "refunded");
    const [made] = await store.stripe.refundsOf(intentId);
    await store.stripe.endRefund(made?.id ?? "", "failed");
    const back = await store.until(placed, "paid");
    expect(back.refunded).toBeUndefined();
    expect(back.version).toBeGreaterThan(whole.version);
    expectStatus(await refund(placed.orderId, { amount: 100 }), 202);
    await store.orderWhere(placed, "to be refunded anew", ({ refunded }) => refunded === 100);
  });

  it("from pending to succeeded counts once it did", async () => {
    const { placed, intentId } = await paid({ card: "pm_card_pendingRefund" });
    await refund(placed.orderId, {});
    const [made] = await waitFor(
      async () => {
        const refunds = await store.stripe.refundsOf(intentId);
        return refunds.length > 0 && refunds;
      },
      { what: "the refund at Stripe", timeoutMs: EVENTUALLY_MS },
    );
    expect((await store.order(placed)).status).toBe("paid");
    await store.stripe.endRefund(made?.id ?? "", "succeeded");
    await store.until(placed, "refunded");
  });
});

describe("what the bank says against a payment", () => {
  interface Listed {
    readonly disputes: { id: string; status: string; evidenceDueAt: string | null; withdrawn: number }[];
    readonly fraudWarning: { type: string; actionable: boolean } | null;
  }
  const listed = (orderId: string, what: string, holds: (order: Listed) => boolean): Promise<Listed> =>
    waitFor(
      async () => {
        const { items } = expectStatus(await store.ops("GET", `/api/ops/orders?query=${orderId}`), 200) as {
          items: Listed[];
        };
        return items[0] !== undefined && holds(items[0]) && items[0];
      },
      { what, timeoutMs: EVENTUALLY_MS },
    );

  it("is a dispute with a deadline, shown to buyer and staff, and can be won: then money goes back again", async () => {
    const { placed } = await paid({ card: "pm_card_createDispute" });
    await store.orderWhere(placed, "to be disputed", ({ dispute }) => dispute === "needs_response");
    const { disputes } = await listed(
      placed.orderId,
      "the dispute in the list",
      ({ disputes: [first] }) => first !== undefined,
    );
    expect(disputes).toMatchObject([{ status: "needs_response", withdrawn: placed.totals.total }]);
    expect(Date.parse(disputes[0]?.evidenceDueAt ?? "")).toBeGreaterThan(Date.now());
    await store.stripe.endDispute(disputes[0]?.id ?? "", "won");
    await store.orderWhere(placed, "to have won its dispute", ({ dispute }) => dispute === "won");
    expectStatus(await refund(placed.orderId, { amount: 100 }), 202);
  });

  it("is an early fraud warning, shown to staff", async () => {
    const { placed } = await paid({ card: "pm_card_createIssuerFraudRecord" });
    const { fraudWarning } = await listed(
      placed.orderId,
      "the warning in the list",
      (order) => order.fraudWarning !== null,
    );
    expect(fraudWarning).toMatchObject({ type: "made_with_stolen_card", actionable: true });
  });
});

describe("a refund at Stripe's dashboard", () => {
  it("is taken up by its order, and counts against what is left", async () => {
    const { placed, intentId } = await paid();
    const { total } = placed.totals;
    await store.stripe.refundAtDashboard(intentId, total - 100);
    await store.orderWhere(placed, "to show the refund", ({ refunded }) => refunded === total - 100);
    expectProblem(await refund(placed.orderId, { amount: 101 }), "exceeds_captured");
    await store.stripe.refundAtDashboard(intentId, 100);
    await store.until(placed, "refunded");
  });
});
