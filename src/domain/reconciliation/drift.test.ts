import { describe, expect, it } from "vitest";
import {
  historyDrift,
  ledgerDrift,
  moneyDrift,
  moneyMissing,
  soldDrift,
  unitDrift,
  type Drift,
} from "./drift.ts";
import type { LedgerCopyFacts, LedgerFacts, MoneyFacts, OrderFacts } from "./facts.ts";

const PAID: OrderFacts = {
  orderId: "order",
  status: "paid",
  version: 3,
  confirmedVersion: 3,
  lines: [{ sku: "SKU-1", quantity: 2 }],
  totalMinor: 1_000,
  units: "committed",
  isMoving: false,
  intentId: "pi_1",
  capturedMinor: 1_000,
  refundedMinor: 0,
  returned: [],
  isDisputeKnown: false,
};
const RESERVED: OrderFacts = { ...PAID, status: "reserved", units: "held", capturedMinor: 0 };
const MONEY: MoneyFacts = {
  intentId: "pi_1",
  orderId: "order",
  status: "succeeded",
  capturedMinor: 1_000,
  refundedMinor: 0,
  isDisputed: false,
};
const said = (drifts: readonly Drift[]) => drifts.map(({ kind, action }) => `${kind}: ${action}`);

describe("an order and its money", () => {
  const money = (order: Partial<OrderFacts> | null, shown: Partial<MoneyFacts> = {}) =>
    said(moneyDrift(order === null ? null : { ...PAID, ...order }, { ...MONEY, ...shown }));

  it("that agree are no finding, nor is what is under way", () => {
    expect(money({})).toEqual([]);
    expect(money(RESERVED, { status: "requires_capture", capturedMinor: 0 })).toEqual([]);
    expect(money({ ...RESERVED, isMoving: true })).toEqual([]);
    expect(money({ refundedMinor: 300 }, { refundedMinor: 300, isDisputed: false })).toEqual([]);
    expect(money({ isDisputeKnown: true }, { isDisputed: true })).toEqual([]);
  });

  it("without an order is an orphan as long as there is money in it", () => {
    expect(money(null)).toEqual(["orphan_intent: alerted"]);
    expect(money(null, { status: "requires_capture", capturedMinor: 0 })).toEqual(["orphan_intent: alerted"]);
    expect(money(null, { refundedMinor: 1_000 })).toEqual([]);
    expect(money(null, { status: "canceled", capturedMinor: 0 })).toEqual([]);
  });

  it("of a second payment is told to the order, which ends it", () => {
    expect(money({ intentId: "pi_2" })).toEqual(["orphan_intent: told"]);
  });

  it("that differ in what was captured are named", () => {
    expect(money(RESERVED)).toEqual(["captured_not_paid: told"]);
    expect(money({ ...RESERVED, status: "cancelled", units: "settled" })).toEqual([
      "captured_not_paid: told",
    ]);
    expect(money({ ...RESERVED, status: "cancelled" }, { refundedMinor: 1_000 })).toEqual([
      "refund_only_at_stripe: reviewed",
    ]);
    expect(money({}, { capturedMinor: 0, status: "canceled" })).toEqual(["paid_not_captured: alerted"]);
    expect(money({ capturedMinor: 1_100 })).toEqual(["paid_not_captured: alerted"]);
    expect(money(RESERVED, { capturedMinor: 100 })).toEqual(["part_capture: alerted"]);
    expect(said(moneyMissing(PAID))).toEqual(["paid_not_captured: alerted"]);
    expect(said(moneyMissing(RESERVED))).toEqual([]);
  });

  it("that differ in refunds or disputes are named", () => {
    expect(money({}, { refundedMinor: 1 })).toEqual(["refund_only_at_stripe: reviewed"]);
    expect(money({ refundedMinor: 1 })).toEqual(["refund_only_here: alerted"]);
    expect(money({}, { isDisputed: true })).toEqual(["dispute_unseen: reviewed"]);
  });
});

describe("an order and its copy in Postgres", () => {
  it("differ where Postgres lacks a version that it had confirmed", () => {
    expect(said(historyDrift(PAID, null))).toEqual(["missing_order_row: resent"]);
    expect(said(historyDrift(PAID, 2))).toEqual(["missing_order_row: resent"]);
    expect(said(historyDrift(PAID, 3))).toEqual([]);
    // Not confirmed: on its way.
    expect(said(historyDrift({ ...PAID, version: 4 }, 3))).toEqual([]);
    expect(said(historyDrift({ ...PAID, confirmedVersion: 0 }, null))).toEqual([]);
  });
});

describe("an order and its units", () => {
  const units = (order: Partial<OrderFacts>, sold: number, returned = 0) =>
    said(unitDrift({ ...PAID, ...order }, "SKU-1", { orderId: "order", sold, returned }));

  it("that agree are no finding", () => {
    expect(units({}, 2)).toEqual([]);
    expect(units({ returned: [{ sku: "SKU-1", quantity: 2 }], status: "refunded" }, 0, 2)).toEqual([]);
    // The SKU has forgotten the command of a return after a year.
    expect(units({ returned: [{ sku: "SKU-1", quantity: 1 }] }, 1, 0)).toEqual([]);
    expect(units({ ...RESERVED }, 0)).toEqual([]);
    expect(units({ isMoving: true }, 0)).toEqual([]);
    expect(units({ status: "cancelled", units: "settled" }, 0)).toEqual([]);
  });

  it("that differ are named", () => {
    expect(units({}, 1)).toEqual(["order_without_units: alerted"]);
    expect(units({}, 1, 1)).toEqual(["units_returned_twice: alerted"]);
    expect(units({ returned: [{ sku: "SKU-1", quantity: 1 }] }, 0, 2)).toEqual([
      "units_returned_twice: alerted",
    ]);
    expect(units({ status: "cancelled", units: "settled" }, 2)).toEqual(["sold_without_order: settled"]);
  });

  it("sold to nobody stay where they are, for staff; those of an order that ended go back on sale", () => {
    const sold = (order: OrderFacts | null) =>
      said(soldDrift("SKU-1", { orderId: "order", sold: 1, returned: 0 }, order));
    expect(sold(null)).toEqual(["sold_without_order: alerted"]);
    expect(sold({ ...PAID, lines: [{ sku: "SKU-2", quantity: 1 }] })).toEqual([
      "sold_without_order: alerted",
    ]);
    expect(sold({ ...PAID, status: "expired", units: "settled" })).toEqual(["sold_without_order: settled"]);
    expect(sold(PAID)).toEqual([]);
    expect(said(soldDrift("SKU-1", { orderId: "order", sold: 0, returned: 1 }, null))).toEqual([]);
  });
});

describe("a SKU's ledger and its copy", () => {
  const sums = { available: 3, held: 0, sold: 2, received: 5, adjusted: 0 };
  const ledger: LedgerFacts = { sku: "SKU-1", confirmedThrough: 4, sumsThen: sums };
  const copy: LedgerCopyFacts = { completeThrough: 6, entries: 6, sums };

  it("agree where the copy has every number and their sums are the object's", () => {
    expect(said(ledgerDrift(ledger, copy))).toEqual([]);
  });

  it("differ where the copy is short, hollow, or adds up to something else", () => {
    const gap = ["ledger_gap: alerted"];
    expect(said(ledgerDrift({ ...ledger, confirmedThrough: 7, sumsThen: null }, copy))).toEqual(gap);
    expect(said(ledgerDrift(ledger, { ...copy, entries: 5 }))).toEqual(gap);
    expect(said(ledgerDrift(ledger, { ...copy, sums: { ...sums, sold: 1, available: 4 } }))).toEqual(gap);
  });
});
