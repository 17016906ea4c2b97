/** Refunds: what may go back, that parts sum exactly to what was paid, and what Stripe shows of them afterwards. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { priceOrder } from "../pricing.ts";
import { compactsAt } from "./compaction.ts";
import { mayEraseContact, nextUnitStep, nextWakeAt, noticesDue } from "./next-step.ts";
import { paid, shownRefund, T0, TOTAL } from "./order-test-fixture.ts";
import { operationDone, operationOwed } from "./payment.ts";
import {
  MAX_REFUNDS,
  observeRefunds,
  refundableMinor,
  refundsOf,
  requestRefund,
  returnsDue,
  unitsReturned,
  type RefundRequest,
  type ShownRefund,
} from "./refunds.ts";
import type { OrderState } from "./state.ts";

const SEED = 20_261_130;
const BLACK = "phone-128-black";
const WHITE = "phone-128-white";

const wish = (id: string, over: Partial<RefundRequest> = {}): RefundRequest => ({
  id,
  cause: "ops",
  restock: false,
  ...over,
});
const ask = (state: OrderState, request: RefundRequest) => requestRefund(state, request, T0);
/** The order after the request was taken. */
function asked(state: OrderState, request: RefundRequest): OrderState {
  const { state: next, outcome } = ask(state, request);
  if (!outcome.ok) throw new Error(outcome.reason);
  return next;
}
const refusal = (state: OrderState, request: RefundRequest) => {
  const { outcome } = ask(state, request);
  return outcome.ok ? null : outcome.reason;
};
/** Stripe makes the refund that is owed first. */
function made(state: OrderState, over: Partial<ShownRefund> = {}): OrderState {
  const owed = operationOwed(state, T0);
  if (owed?.kind !== "refund") throw new Error("no refund is owed");
  const { n, firstN, amountMinor } = owed;
  const refund = shownRefund(firstN, { amountMinor, ...over });
  return operationDone(state, { kind: "refund", n, outcome: "refunded", refund }, T0);
}
const refused = (state: OrderState, code: string): OrderState => {
  const n = operationOwed(state, T0)?.n ?? 0;
  const failure = { code, message: "" };
  return operationDone(state, { kind: "refund", n, outcome: "refused", failure, intent: null }, T0);
};

describe("a request for a refund", () => {
  it("without anything named refunds the rest, pending until Stripe made it", () => {
    const state = asked(paid(), wish("a"));
    expect(refundsOf(state)).toMatchObject([{ id: "a", amountMinor: TOTAL, status: "pending" }]);
    expect(state).toMatchObject({ status: "paid", refundedMinor: 0 });
    expect(operationOwed(state, T0)).toMatchObject({ kind: "refund", intentId: "pi_1", amountMinor: TOTAL });
    expect(nextWakeAt(state, T0)).toBe(T0);
    expect(made(state)).toMatchObject({ status: "refunded", refundedMinor: TOTAL, obligations: [] });
  });

  it("for an amount leaves the order paid, and everything else can go back later", () => {
    const part = made(asked(paid(), wish("a", { amountMinor: 1_000 })));
    expect(part).toMatchObject({ status: "paid", refundedMinor: 1_000 });
    expect(refundsOf(asked(part, wish("b"))).at(-1)?.amountMinor).toBe(TOTAL - 1_000);
  });

  it("for lines refunds what those units cost", () => {
    const state = asked(paid(), wish("a", { lines: [{ sku: WHITE, quantity: 1 }] }));
    expect(refundsOf(state)).toMatchObject([
      { amountMinor: 119_900, lines: [{ sku: WHITE, quantity: 1, amountMinor: 119_900 }] },
    ]);
    expect(refusal(state, wish("b", { lines: [{ sku: WHITE, quantity: 1 }] }))).toBe("exceeds_captured");
    expect(refusal(state, wish("c", { lines: [{ sku: "other", quantity: 1 }] }))).toBe("unknown_sku");
  });

  it("repeated under its id is one refund, however it stands; other content under the id is refused", () => {
    const request = wish("a", { amountMinor: 500 });
    const once = made(asked(paid(), request));
    const again = ask(once, request);
    expect(again.state).toBe(once);
    expect(again.outcome).toMatchObject({ ok: true, refund: { id: "a", status: "succeeded" } });
    expect(refusal(once, wish("a", { amountMinor: 501 }))).toBe("id_reused");
    const lines = [
      { sku: WHITE, quantity: 1 },
      { sku: BLACK, quantity: 1 },
    ];
    const both = asked(paid(), wish("b", { lines }));
    expect(ask(both, wish("b", { lines: lines.toReversed() })).outcome.ok).toBe(true);
  });

  it("counts what is pending: beyond what is left it is refused with the rest named", () => {
    const pending = asked(paid(), wish("a", { amountMinor: TOTAL - 100 }));
    expect(ask(pending, wish("b", { amountMinor: 101 })).outcome).toEqual({
      ok: false,
      reason: "exceeds_captured",
      leftMinor: 100,
    });
    expect(refusal(asked(pending, wish("c")), wish("d"))).toBe("exceeds_captured");
  });

  it("of an order that was never charged is refused", () => {
    expect(refusal({ ...paid(), status: "cancelled", capturedMinor: 0 }, wish("a"))).toBe("exceeds_captured");
    expect(refusal({ ...paid(), status: "authorised" }, wish("a"))).toBe("payment_in_progress");
  });

  it("is refused while the bank disputes the payment, and not for an inquiry or a dispute that was won", () => {
    const dispute = {
      id: "dp_1",
      status: "needs_response",
      reason: "fraudulent",
      amountMinor: TOTAL,
      evidenceDueAt: T0,
      isRefundable: false,
      withdrawnMinor: TOTAL,
      openedAt: T0,
    } as const;
    expect(refusal({ ...paid(), disputes: [dispute] }, wish("a"))).toBe("disputed");
    expect(refusal({ ...paid(), disputes: [{ ...dispute, status: "lost" }] }, wish("a"))).toBe("disputed");
    const inquiry = { ...dispute, status: "warning_needs_response", isRefundable: true } as const;
    expect(refusal({ ...paid(), disputes: [inquiry] }, wish("a"))).toBeNull();
    expect(refusal({ ...paid(), disputes: [{ ...dispute, status: "won" }] }, wish("a"))).toBeNull();
  });

  it("is bounded in number", () => {
    let state = paid();
    for (let count = 0; count < MAX_REFUNDS; count++)
      state = asked(state, wish(String(count), { amountMinor: 1 }));
    expect(refusal(state, wish("more", { amountMinor: 1 }))).toBe("too_many_refunds");
  });
});

describe("what Stripe says of a refund", () => {
  it("that failed for good frees its sum", () => {
    const failed = refused(asked(paid(), wish("a")), "charge_disputed");
    expect(refundsOf(failed)).toMatchObject([{ status: "failed", failure: "charge_disputed" }]);
    expect(failed.obligations).toEqual([]);
    expect(refundableMinor(failed)).toBe(TOTAL);
    expect(asked(failed, wish("b")).obligations).toHaveLength(1);
  });

  it("that failed later moves the order and its sum back, in a new version", () => {
    const whole = made(asked(paid(), wish("a")));
    const failed = observeRefunds(
      whole,
      [shownRefund(refundsOf(whole)[0]?.n ?? 0, { status: "failed" })],
      T0,
    );
    expect(failed).toMatchObject({ status: "paid", refundedMinor: 0, version: whole.version + 1 });
    expect(failed.timeline.map(({ status }) => status).slice(-3)).toEqual(["paid", "refunded", "paid"]);
    expect(made(asked(failed, wish("b")), { stripeId: "re_b" }).status).toBe("refunded");
  });

  it("pending counts as not refunded yet, and is looked at again should no event tell of it", () => {
    const pending = made(asked(paid(), wish("a")), { status: "pending" });
    expect(pending).toMatchObject({ status: "paid", refundedMinor: 0, obligations: [] });
    const review = operationDone(
      { ...pending, review: { attempts: 0, nextAt: T0 } },
      {
        kind: "review",
        n: 0,
        outcome: "reviewed",
        shown: {
          refunds: [shownRefund(refundsOf(pending)[0]?.n ?? 0, { status: "pending" })],
          disputes: [],
          fraudWarning: null,
        },
      },
      T0,
    );
    expect(operationOwed(review, T0)).toBeNull();
    expect(operationOwed(review, (review.review?.nextAt ?? 0) + 1)).toMatchObject({ kind: "review" });
  });

  it("made at its dashboard is taken up, once", () => {
    const elsewhere = shownRefund(99, { stripeId: "re_dash", operationId: null, amountMinor: TOTAL });
    const seen = observeRefunds(paid(), [elsewhere], T0);
    expect(seen).toMatchObject({ status: "refunded", refundedMinor: TOTAL });
    expect(refundsOf(seen)).toMatchObject([{ id: "re_dash", cause: "elsewhere" }]);
    expect(observeRefunds(seen, [elsewhere], T0)).toBe(seen);
  });

  it("found at Stripe after its answer was lost is no longer owed", () => {
    const pending = asked(paid(), wish("a"));
    const found = observeRefunds(pending, [shownRefund(operationOwed(pending, T0)?.n ?? 0)], T0);
    expect(found).toMatchObject({ status: "refunded", obligations: [] });
    expect(refundsOf(found)).toHaveLength(1);
  });

  it("undone is tried again under a new number, and looked for by its first one", () => {
    const pending = asked(paid(), wish("a"));
    const n = operationOwed(pending, T0)?.n ?? 0;
    const again = operationDone(pending, { kind: "refund", n, outcome: "undone" }, T0);
    expect(operationOwed(again, T0)).toMatchObject({ kind: "refund", n: n + 1, firstN: n });
    expect(made(again)).toMatchObject({ status: "refunded", obligations: [] });
    expect(refundsOf(made(again))).toHaveLength(1);
  });

  it("is told to the buyer once for each refund that succeeded", () => {
    const two = asked(asked(paid(), wish("a", { amountMinor: 1 })), wish("b", { amountMinor: 2 }));
    expect(noticesDue(two, T0).filter(({ kind }) => kind === "order_refunded")).toEqual([]);
    const told = made(made(two));
    expect(noticesDue(told, T0).filter(({ kind }) => kind === "order_refunded")).toEqual([
      { kind: "order_refunded", about: "a" },
      { kind: "order_refunded", about: "b" },
    ]);
  });

  it("is waited for before the buyer's address goes", () => {
    const state: OrderState = { ...asked(paid(), wish("a")), contactPersisted: true, notice: null };
    const closed: OrderState = { ...state, status: "cancelled" };
    expect(mayEraseContact(closed)).toBe(false);
    expect(mayEraseContact({ ...made(closed), notices: [] })).toBe(true);
  });
});

describe("a delivered order", () => {
  it("is not compacted while a refund, its units, its email or a look at Stripe is to come", () => {
    const old: OrderState = {
      ...paid(),
      status: "delivered",
      notice: null,
      contactPersisted: true,
      confirmedVersion: 99,
    };
    expect(compactsAt(old)).not.toBeNull();
    expect(compactsAt(asked(old, wish("a", { amountMinor: 1 })))).toBeNull();
    expect(compactsAt({ ...old, review: { attempts: 0, nextAt: T0 } })).toBeNull();
    const told = made(asked(old, wish("a", { amountMinor: 1 })));
    expect(compactsAt(told)).toBeNull();
    expect(compactsAt({ ...told, notices: [] })).not.toBeNull();
  });
});

describe("units of a refund", () => {
  it("go back on sale in a step of their own, once", () => {
    const state = asked(paid(), wish("a", { restock: true }));
    expect(nextUnitStep(state)).toBe("return");
    expect(returnsDue(state)).toEqual([
      { refundId: "a", sku: BLACK, quantity: 1 },
      { refundId: "a", sku: WHITE, quantity: 1 },
    ]);
    const done = unitsReturned(state, new Set(["a"]), new Set(), T0);
    expect(nextUnitStep(done)).toBeNull();
    expect(refundsOf(done)[0]?.returned?.status).toBe("done");
  });

  it("that are back already do not go back again when their refund failed and is made anew", () => {
    const once = unitsReturned(
      asked(paid(), wish("a", { lines: [{ sku: BLACK, quantity: 1 }], restock: true })),
      new Set(["a"]),
      new Set(),
      T0,
    );
    const failed = refused(once, "charge_disputed");
    const anew = asked(failed, wish("b", { restock: true }));
    expect(returnsDue(anew)).toEqual([{ refundId: "b", sku: WHITE, quantity: 1 }]);
  });
});

// ------------------------------------------------------------------------------------------------------ properties

/** A paid order of some lines, with taxes of every kind. */
const orders = fc
  .record({
    lines: fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 10 }),
        unitAmountMinor: fc.integer({ min: 0, max: 9_999 }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    shippingMinor: fc.integer({ min: 0, max: 2_500 }),
    taxRates: fc.array(
      fc.record({
        name: fc.constant("Tax"),
        basisPoints: fc.integer({ min: 0, max: 2_700 }),
        included: fc.boolean(),
        onShipping: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ lines, shippingMinor, taxRates }): OrderState => {
    const named = lines.map((line, index) => ({ ...line, sku: `sku-${index}`, name: "Phone" }));
    const shipping = {
      name: "Standard",
      amountMinor: shippingMinor,
      freeFromMinor: null,
      leastDays: 1,
      mostDays: 2,
    };
    const priced = priceOrder(named, { shipping, taxRates }, "USD");
    return { ...paid(), ...priced, capturedMinor: priced.totals.total };
  })
  .filter(({ capturedMinor }) => capturedMinor > 0);

describe("parts of an order", () => {
  it("refunded unit by unit in any order sum exactly to what was captured", () => {
    fc.assert(
      fc.property(orders, fc.infiniteStream(fc.nat()), (order, picks) => {
        let state = order;
        const units = order.lines.flatMap(({ sku, quantity }) => Array<string>(quantity).fill(sku));
        for (const [count, pick] of [...picks.take(units.length)].entries()) {
          const [sku = ""] = units.splice(pick % units.length, 1);
          const { state: next, outcome } = ask(state, wish(`u${count}`, { lines: [{ sku, quantity: 1 }] }));
          if (outcome.ok) state = next;
          // Nothing is left only where what remains was free.
          else expect(refundableMinor(state)).toBe(0);
        }
        const shipping = ask(state, wish("s", { shipping: true }));
        if (shipping.outcome.ok) state = shipping.state;
        expect(refundableMinor(state)).toBe(0);
        expect(refundsOf(state).reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(
          order.capturedMinor,
        );
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  const attempts = fc.array(
    fc.record({
      kind: fc.constantFrom("rest", "amount", "line", "shipping", "succeed", "refuse", "fail", "dashboard"),
      amount: fc.integer({ min: 1, max: 60_000 }),
      pick: fc.nat({ max: 4 }),
    }),
    { maxLength: 50 },
  );

  it("never exceed what was captured, whatever is asked for, fails, or is done at Stripe's dashboard", () => {
    fc.assert(
      fc.property(orders, attempts, (order, sequence) => {
        let state = order;
        let elsewhere = 0;
        for (const [count, { kind, amount, pick }] of sequence.entries()) {
          const sku = order.lines[pick % order.lines.length]?.sku ?? "";
          const requests: Record<string, Partial<RefundRequest>> = {
            rest: {},
            amount: { amountMinor: amount },
            line: { lines: [{ sku, quantity: 1 }] },
            shipping: { shipping: true },
          };
          const request = requests[kind];
          if (request !== undefined) state = ask(state, wish(String(count), request)).state;
          const isOwed = state.obligations.length > 0;
          if (kind === "succeed" && isOwed) state = made(state);
          if (kind === "refuse" && isOwed) state = refused(state, "charge_disputed");
          const done = refundsOf(state).find(({ status, n }) => status === "succeeded" && n !== null);
          if (kind === "fail" && done !== undefined)
            state = observeRefunds(state, [shownRefund(done.n ?? 0, { status: "failed" })], T0);
          const free = refundableMinor(state);
          if (kind === "dashboard" && free > 0) {
            elsewhere += 1;
            const amountMinor = Math.min(amount, free);
            const shown = shownRefund(0, {
              stripeId: `re_dash_${elsewhere}`,
              operationId: null,
              amountMinor,
            });
            state = observeRefunds(state, [shown], T0);
          }
          const counted = refundsOf(state).filter(({ status }) => status !== "failed");
          const sum = counted.reduce((total, { amountMinor }) => total + amountMinor, 0);
          expect(sum).toBeLessThanOrEqual(order.capturedMinor);
          expect(state.status === "refunded").toBe(state.refundedMinor === order.capturedMinor);
          expect(state.obligations).toHaveLength(
            counted.filter(({ status, n }) => status === "pending" && n !== null).length,
          );
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
