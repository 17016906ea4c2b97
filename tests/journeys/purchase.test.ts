/** Buying: from a placed order to a paid one, and the ways in which it goes otherwise. */
import { describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { expectLedgerToAddUp, expectMoneyToAgree, untilDecided } from "../harness/agreement.ts";
import { BrowserJar } from "../harness/browser-jar.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { inParallel, range } from "../harness/in-parallel.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS, newEmail } from "../harness/store.ts";

const store = sharedStore();

describe("a purchase", () => {
  it("ends with a paid order, its rows in Postgres, one capture and the confirmation e-mail", async () => {
    const [first, second] = [await store.stock.skuWith(5), await store.stock.skuWith(5)];
    const email = newEmail();
    const lines = [
      { sku: first, quantity: 2 },
      { sku: second, quantity: 1 },
    ];
    const placed = await store.placed({ lines, email });
    expect(placed).toMatchObject({ status: "reserved", version: 1 });
    expect(await store.order(placed)).toMatchObject({ status: "reserved", version: 1 });
    expect(await store.stock.figures(first)).toMatchObject({ available: 3, held: 2, sold: 0 });

    const intentId = await store.pay(placed);
    const paid = await store.until(placed, "paid");
    expect(paid.timeline.map(({ status }) => status)).toEqual(["reserved", "authorised", "paid"]);
    expect(await store.stock.figures(first)).toMatchObject({ available: 3, held: 0, sold: 2 });
    expect(await store.stock.figures(second)).toMatchObject({ available: 4, held: 0, sold: 1 });
    expect(await store.stripe.moneyOf(placed.orderId)).toMatchObject([
      { id: intentId, status: "succeeded", amount: placed.totals.total, captured: placed.totals.total },
    ]);

    const { orderId } = placed;
    await store.rowsWhere<{ status: string; version: number }>(
      "the paid order in Postgres",
      ["select status, version from orders where order_id = $1", [orderId]],
      ([row]) => row?.status === "paid" && row.version === paid.version,
    );
    expect(
      await store.rows("select sku, quantity from order_lines where order_id = $1 order by position", [
        orderId,
      ]),
    ).toEqual(lines);
    expect(
      await store.rows(
        "select intent_id, captured_minor::int as captured from payments where order_id = $1",
        [orderId],
      ),
    ).toEqual([{ intent_id: intentId, captured: placed.totals.total }]);
    expect(await store.rows("select email from order_contacts where order_id = $1", [orderId])).toEqual([
      { email },
    ]);
    await expectLedgerToAddUp(store, first);
    await expectLedgerToAddUp(store, second);
    expect(
      await store.rows("select kind from stock_ledger where sku = $1 and reference = $2 order by sequence", [
        first,
        orderId,
      ]),
    ).toEqual([{ kind: "held" }, { kind: "committed" }]);

    const subjects = await waitFor(
      async () => {
        const found = await store.mailTo(email);
        return found.length > 0 && found;
      },
      { what: "the confirmation e-mail", timeoutMs: EVENTUALLY_MS },
    );
    expect(subjects).toHaveLength(1);
  });

  it("of the last unit is won by exactly one of two buyers", async () => {
    const sku = await store.stock.skuWith(1);
    const answers = await inParallel(range(2), 2, () => store.tryToPlace({ lines: [{ sku, quantity: 1 }] }));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const loser = answers.find(({ status }) => status === 409)!;
    expect(expectProblem(loser, "sold_out").lines).toEqual([{ sku, requested: 1, available: 0 }]);
    expect(await store.stock.figures(sku)).toMatchObject({ available: 0, held: 1, sold: 0 });
  });

  it("of two SKUs, one of them sold out, is refused and leaves nothing held", async () => {
    const [plenty, gone] = [await store.stock.skuWith(10), await store.stock.skuWith(0)];
    const lines = [
      { sku: plenty, quantity: 1 },
      { sku: gone, quantity: 1 },
    ];
    const refusal = expectProblem(await store.tryToPlace({ lines }), "sold_out");
    expect(refusal.lines).toEqual([{ sku: gone, requested: 1, available: 0 }]);
    expect(await store.stock.figures(plenty)).toMatchObject({ available: 10, held: 0, sold: 0 });
    expect(await store.stock.figures(gone)).toMatchObject({ available: 0, held: 0, sold: 0 });
  });
});

describe("a card", () => {
  it("that is declined leaves the order reserved, and another card pays it", async () => {
    const placed = await store.placed({ lines: [{ sku: await store.stock.plenty(), quantity: 1 }] });
    const first = await store.pay(placed, "pm_card_chargeDeclinedInsufficientFunds");
    const declined = await store.orderWhere(
      placed,
      "to show the decline",
      ({ lastPaymentError }) => lastPaymentError !== undefined,
    );
    expect(declined).toMatchObject({ status: "reserved", lastPaymentError: { code: "insufficient_funds" } });

    expect(await store.pay(placed)).toBe(first);
    await store.until(placed, "paid");
    await expectMoneyToAgree(store, placed);
  });

  it("whose bank asks first pays once the challenge is passed", async () => {
    const placed = await store.placed({ lines: [{ sku: await store.stock.plenty(), quantity: 1 }] });
    const { paymentIntentId } = await store.paymentStarted(placed);
    const asked = await store.stripe.confirm(paymentIntentId, "pm_card_threeDSecure2Required");
    expect(asked.status).toBe("requires_action");
    await store.stripe.untilDelivered(paymentIntentId);
    expect(await store.order(placed)).toMatchObject({ status: "reserved" });

    await store.stripe.answerChallenge(asked, "complete");
    await store.until(placed, "paid");
    await expectMoneyToAgree(store, placed);
  });

  it("whose challenge is failed leaves the order reserved, and another card pays it", async () => {
    const sku = await store.stock.skuWith(3);
    const placed = await store.placed({ lines: [{ sku, quantity: 1 }] });
    const { paymentIntentId } = await store.paymentStarted(placed);
    const asked = await store.stripe.confirm(paymentIntentId, "pm_card_threeDSecure2Required");
    await store.stripe.answerChallenge(asked, "fail");
    const failed = await store.orderWhere(
      placed,
      "to show the failed challenge",
      ({ lastPaymentError }) => lastPaymentError !== undefined,
    );
    expect(failed.status).toBe("reserved");
    expect(await store.stock.figures(sku)).toMatchObject({ available: 2, held: 1, sold: 0 });

    await store.pay(placed);
    await store.until(placed, "paid");
    await expectMoneyToAgree(store, placed);
  });
});

describe("a cancellation", () => {
  it("puts the units back at once, ends the payment, and repeats harmlessly", async () => {
    const sku = await store.stock.skuWith(4);
    const placed = await store.placed({ lines: [{ sku, quantity: 2 }] });
    await store.paymentStarted(placed);
    const cancelled = await store.cancel(placed);
    expect(cancelled).toMatchObject({ status: 200, body: { status: "cancelled" } });
    expect(await store.stock.figures(sku)).toMatchObject({ available: 4, held: 0, sold: 0 });
    expect(await store.cancel(placed)).toMatchObject({ status: 200, body: { status: "cancelled" } });
    expectProblem(await store.startPayment(placed), "order_closed");
    await untilDecided(store, placed);
    expect(await store.stripe.moneyOf(placed.orderId)).toMatchObject([{ status: "canceled", authorised: 0 }]);
  });

  it("of a paid order asks for a refund", async () => {
    const placed = await store.placed({ lines: [{ sku: await store.stock.plenty(), quantity: 1 }] });
    await store.pay(placed);
    await store.until(placed, "paid");
    expect(await store.cancel(placed)).toMatchObject({
      status: 202,
      body: { status: "paid", refundRequested: true },
    });
  });

  it("from a page of the reservation is none of the order that was paid meanwhile: a refund is asked for knowingly", async () => {
    const sku = await store.stock.skuWith(3);
    const placed = await store.placed({ lines: [{ sku, quantity: 1 }] });
    const { orderId, token } = placed;
    const shopper = new BrowserJar(store);
    await shopper.get(`/orders/${orderId}?token=${token}`);
    const shown = await shopper.get(`/orders/${orderId}`);
    expect(shown.body).not.toContain('name="refund"');
    await store.pay(placed);
    await store.until(placed, "paid");
    const stale = await shopper.submit(`/orders/${orderId}/cancel`, {});
    expect([stale.status, String(stale.body).includes("This order has been paid since.")]).toEqual([
      409,
      true,
    ]);
    expect((await store.order(placed)).refundRequested).toBeUndefined();
    expect(stale.body).toContain('name="refund" value="yes"');
    expect((await shopper.submit(`/orders/${orderId}/cancel`, { refund: "yes" })).status).toBe(303);
    expect(await store.order(placed)).toMatchObject({ status: "paid", refundRequested: true });
  });

  it("that races the authorisation ends one way or the other, and money and units agree", async () => {
    const rounds = 10;
    const sku = await store.stock.skuWith(rounds);
    const orders = await inParallel(range(rounds), 5, () => store.placed({ lines: [{ sku, quantity: 1 }] }));
    const decided = await inParallel(orders, 5, async (order, index) => {
      const { paymentIntentId } = await store.paymentStarted(order);
      const confirm = (): Promise<unknown> => store.stripe.tryToConfirm(paymentIntentId, "pm_card_visa");
      const cancel = (): Promise<{ status: number }> => store.cancel(order);
      // Even rounds cancel while the card is confirmed; odd ones as soon as it was, while the webhook is on its way.
      const [answer] =
        index % 2 === 0 ? await Promise.all([cancel(), confirm()]) : [await confirm().then(cancel)];
      const { status } = await untilDecided(store, order);
      await expectMoneyToAgree(store, order);
      expect([200, 202, 409]).toContain(answer.status);
      if (answer.status === 200) expect(status).toBe("cancelled");
      else expect(status).toBe("paid");
      return status;
    });
    const sold = decided.filter((status) => status === "paid").length;
    expect(await store.stock.figures(sku)).toMatchObject({ available: rounds - sold, held: 0, sold });
  });
});
