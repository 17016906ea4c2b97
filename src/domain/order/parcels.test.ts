/** Parcels: what may leave, that no unit leaves twice or after its refund, and when an order has arrived. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compacted, stateOf, storedForm } from "./compaction.ts";
import { noticesDue } from "./next-step.ts";
import { paid, paying, reserved, T0, TOTAL } from "./order-test-fixture.ts";
import { deliver, MAX_PARCELS, parcelsOf, ship, type Delivery, type Shipment } from "./parcels.ts";
import { observeRefunds, requestRefund } from "./refunds.ts";
import { recordOf, type OrderState } from "./state.ts";

const SEED = 20_261_201;
const BLACK = "phone-128-black";
const WHITE = "phone-128-white";
const one = (sku: string) => [{ sku, quantity: 1 }];

const parcel = (id: string, over: Partial<Shipment> = {}): Shipment => ({
  id,
  carrier: "UPS",
  trackingNumber: "1Z999",
  ...over,
});
function shipped(state: OrderState, shipment: Shipment): OrderState {
  const { state: next, outcome } = ship(state, shipment, T0);
  if (!outcome.ok) throw new Error(outcome.reason);
  return next;
}
function delivered(state: OrderState, delivery: Delivery): OrderState {
  const { state: next, outcome } = deliver(state, delivery, T0 + 1);
  if (!outcome.ok) throw new Error(outcome.reason);
  return next;
}
const refusal = ({ outcome }: ReturnType<typeof ship>) => (outcome.ok ? null : outcome.reason);
function refunded(state: OrderState, id: string, sku: string): OrderState {
  return requestRefund(state, { id, cause: "ops", restock: false, lines: one(sku) }, T0).state;
}

describe("a shipment", () => {
  it("with nothing named takes all that is left, and the order is shipped", () => {
    const state = shipped(paid(), parcel("a", { carrier: "fed ex" }));
    expect(state.status).toBe("shipped");
    expect(state.version).toBe(paid().version + 1);
    expect(recordOf(state).parcels).toEqual([
      {
        id: "a",
        carrier: "FedEx",
        trackingNumber: "1Z999",
        lines: [...one(BLACK), ...one(WHITE)],
        shippedAt: T0,
        deliveredAt: null,
        deliveryId: null,
      },
    ]);
    expect(noticesDue(state, T0)).toContainEqual({ kind: "order_shipped", about: "a" });
  });

  it("never has units that left before, or that the order does not have", () => {
    const state = shipped(paid(), parcel("a", { lines: one(BLACK) }));
    expect(refusal(ship(state, parcel("b", { lines: one(BLACK) }), T0))).toBe("exceeds_unshipped");
    expect(refusal(ship(state, parcel("b", { lines: one("other") }), T0))).toBe("unknown_sku");
    const whole = shipped(state, parcel("b"));
    expect(parcelsOf(whole)[1]?.lines).toEqual(one(WHITE));
    expect(refusal(ship(whole, parcel("c"), T0))).toBe("exceeds_unshipped");
  });

  it("never has units that were refunded, unless the refund failed", () => {
    const state = refunded(paid(), "r", WHITE);
    expect(parcelsOf(shipped(state, parcel("a")))[0]?.lines).toEqual(one(BLACK));
    expect(refusal(ship(state, parcel("a", { lines: one(WHITE) }), T0))).toBe("exceeds_unshipped");
    const failed = {
      ...state,
      refunds: (state.refunds ?? []).map((each) => ({ ...each, status: "failed" as const })),
    };
    expect(refusal(ship(failed, parcel("a", { lines: one(WHITE) }), T0))).toBeNull();
  });

  it("under an id that comes again is one parcel, and other content is refused", () => {
    const state = shipped(paid(), parcel("a", { lines: [...one(BLACK), ...one(WHITE)] }));
    const again = ship(state, parcel("a", { carrier: "ups", lines: [...one(WHITE), ...one(BLACK)] }), T0);
    expect(again.state).toBe(state);
    expect(again.outcome).toMatchObject({ ok: true, parcels: [{ id: "a" }], status: "shipped" });
    expect(refusal(ship(state, parcel("a", { trackingNumber: "other" }), T0))).toBe("id_reused");
  });

  it.each([
    ["is not paid", reserved(), "not_paid"],
    ["is being paid", { ...paying(), status: "authorised" as const }, "not_paid"],
    ["was canceled", { ...paid(), status: "cancelled" as const }, "order_closed"],
    ["was refunded", { ...paid(), status: "refunded" as const }, "order_closed"],
  ])("of an order that %s is refused", (_, state, reason) => {
    expect(refusal(ship(state, parcel("a"), T0))).toBe(reason);
  });

  it("is refused past the parcels that one order keeps", () => {
    const full = shipped(paid(), parcel("a", { lines: one(BLACK) }));
    const [first] = parcelsOf(full);
    if (first === undefined) throw new Error("no parcel");
    const empty = Array.from({ length: MAX_PARCELS - 1 }, (_, n) => ({ ...first, id: `p${n}`, lines: [] }));
    expect(refusal(ship({ ...full, parcels: [first, ...empty] }, parcel("b"), T0))).toBe("too_many_parcels");
  });
});

describe("a delivery", () => {
  const inTwo = () =>
    shipped(shipped(paid(), parcel("a", { lines: one(BLACK) })), parcel("b", { lines: one(WHITE) }));

  it("of one parcel leaves the order shipped, of the last one it is delivered", () => {
    const part = delivered(inTwo(), { id: "d1", shipmentId: "a" });
    expect(part.status).toBe("shipped");
    const whole = delivered(part, { id: "d2" });
    expect(whole.status).toBe("delivered");
    expect(recordOf(whole).parcels).toMatchObject([
      { id: "a", deliveredAt: T0 + 1, deliveryId: "d1" },
      { id: "b", deliveredAt: T0 + 1, deliveryId: "d2" },
    ]);
    expect(noticesDue(whole, T0 + 1)).toEqual(
      expect.arrayContaining([
        { kind: "order_delivered", about: "d1" },
        { kind: "order_delivered", about: "d2" },
      ]),
    );
  });

  it("under an id that comes again does not take in what left since", () => {
    const first = delivered(shipped(paid(), parcel("a", { lines: one(BLACK) })), { id: "d" });
    const state = shipped(first, parcel("b"));
    const again = deliver(state, { id: "d" }, T0 + 2);
    expect(again.state).toBe(state);
    expect(again.outcome).toMatchObject({ ok: true, parcels: [{ id: "a" }] });
    expect(refusal(deliver(state, { id: "d", shipmentId: "b" }, T0))).toBe("id_reused");
  });

  it("of nothing that is on its way is refused; of a parcel that has arrived it changes nothing", () => {
    expect(refusal(deliver(paid(), { id: "d" }, T0))).toBe("not_shipped");
    const state = delivered(inTwo(), { id: "d", shipmentId: "a" });
    expect(refusal(deliver(state, { id: "e", shipmentId: "other" }, T0))).toBe("not_shipped");
    expect(deliver(state, { id: "e", shipmentId: "a" }, T0).state).toBe(state);
  });

  it("is whole once what has not arrived was refunded", () => {
    const part = delivered(shipped(paid(), parcel("a", { lines: one(BLACK) })), { id: "d" });
    expect(refunded(part, "r", WHITE).status).toBe("delivered");
    const before = refunded(shipped(paid(), parcel("a", { lines: one(BLACK) })), "r", WHITE);
    expect(before.status).toBe("shipped");
    expect(delivered(before, { id: "d" }).status).toBe("delivered");
  });

  it("of an order that was refunded meanwhile is noted, and it stays refunded", () => {
    const shown = {
      stripeId: "re_1",
      amountMinor: TOTAL,
      status: "succeeded",
      operationId: null,
      failure: null,
      createdAt: T0,
    } as const;
    const back = observeRefunds(inTwo(), [shown], T0);
    expect(back.status).toBe("refunded");
    const noted = delivered(back, { id: "d" });
    expect(noted.status).toBe("refunded");
    expect(observeRefunds(noted, [{ ...shown, status: "failed" }], T0 + 2).status).toBe("delivered");
  });
});

it("parcels outlive the compaction of their order", () => {
  const state = delivered(shipped(paid(), parcel("a")), { id: "d" });
  const read = stateOf(
    JSON.parse(JSON.stringify(storedForm(compacted(state)))) as ReturnType<typeof storedForm>,
  );
  expect(recordOf(read).parcels).toEqual(recordOf(state).parcels);
});

it("whatever is shipped, delivered and refunded in whatever order, no unit leaves twice or after its refund", () => {
  const skus = fc.constantFrom(BLACK, WHITE);
  const units = fc.option(fc.array(fc.record({ sku: skus, quantity: fc.integer({ min: 1, max: 3 }) })), {
    nil: undefined,
  });
  const step = fc.oneof(
    fc.record({ kind: fc.constant("ship" as const), lines: units }),
    fc.record({ kind: fc.constant("deliver" as const) }),
    fc.record({ kind: fc.constant("refund" as const), sku: skus }),
  );
  const start = { ...paid(), lines: paid().lines.map((line) => ({ ...line, quantity: 3 })) };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let state: OrderState = start;
      for (const [index, each] of steps.entries()) {
        const id = String(index);
        if (each.kind === "refund") {
          state = refunded(state, id, each.sku);
          continue;
        }
        const lines = each.kind === "ship" ? each.lines : undefined;
        const isTwice = new Set(lines?.map(({ sku }) => sku)).size !== (lines?.length ?? 0);
        if (isTwice || lines?.length === 0) continue;
        const before = state;
        state = (each.kind === "ship" ? ship(state, parcel(id, { lines }), T0) : deliver(state, { id }, T0))
          .state;
        const sum = (of: OrderState, sku: string) =>
          parcelsOf(of)
            .flatMap((one) => one.lines)
            .reduce((total, line) => (line.sku === sku ? total + line.quantity : total), 0);
        for (const { sku } of start.lines) {
          const back = (state.refunds ?? [])
            .flatMap((refund) => refund.lines)
            .reduce((total, line) => (line.sku === sku ? total + line.quantity : total), 0);
          expect(sum(state, sku)).toBeLessThanOrEqual(3);
          if (sum(state, sku) > sum(before, sku)) expect(sum(state, sku) + back).toBeLessThanOrEqual(3);
        }
      }
    }),
    { seed: SEED, numRuns: 300 },
  );
});
