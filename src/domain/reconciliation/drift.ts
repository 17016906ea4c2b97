/**
 * Where the parts of the store do not say the same: each difference by its name, and what is done about it. Repaired is only what a
 * part can put right by itself when it is told; everything else is left as it is, for staff.
 */
import type { LedgerCopyFacts, LedgerFacts, MoneyFacts, OrderFacts, UnitFacts, UnitSums } from "./facts.ts";

export const DRIFT_KINDS = [
  "missing_order_row",
  "orphan_intent",
  "captured_not_paid",
  "paid_not_captured",
  "part_capture",
  "ledger_gap",
  "sold_without_order",
  "order_without_units",
  "refund_only_at_stripe",
  "refund_only_here",
  "dispute_unseen",
  "units_returned_twice",
] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

/**
 * `resent`: the order sends its snapshot again. `told`: the order is told what Stripe shows, and takes, ends or gives back the
 * payment by its own rules. `reviewed`: the order reads its money at Stripe again. `settled`: the units of an order that ended are
 * put back on sale. `alerted`: nothing is changed, staff decide.
 */
export const DRIFT_ACTIONS = ["resent", "told", "reviewed", "settled", "alerted"] as const;
export type DriftAction = (typeof DRIFT_ACTIONS)[number];

export interface Drift {
  readonly kind: DriftKind;
  readonly action: DriftAction;
  readonly orderId: string | null;
  readonly sku: string | null;
  readonly intentId: string | null;
}

const drift = (
  kind: DriftKind,
  action: DriftAction,
  about: Partial<Pick<Drift, "orderId" | "sku" | "intentId">>,
): Drift => ({ kind, action, orderId: null, sku: null, intentId: null, ...about });

const PAID: readonly OrderFacts["status"][] = ["paid", "shipped", "delivered", "refunded"];

/** An order and its payment at Stripe. Null: the order is not there. */
export function moneyDrift(order: OrderFacts | null, money: MoneyFacts): Drift[] {
  const { orderId, intentId, capturedMinor, refundedMinor } = money;
  const about = { orderId, intentId };
  const isHeldMoney = money.status === "requires_capture" || capturedMinor > refundedMinor;
  if (order === null) return isHeldMoney ? [drift("orphan_intent", "alerted", about)] : [];
  if (order.isMoving) return [];
  // A second payment of the order: it ends or gives back what it is told of.
  if (order.intentId !== intentId) return isHeldMoney ? [drift("orphan_intent", "told", about)] : [];
  if (capturedMinor === 0)
    return order.capturedMinor > 0 ? [drift("paid_not_captured", "alerted", about)] : [];
  const found: Drift[] = [];
  const isPaid = PAID.includes(order.status);
  if (capturedMinor < order.totalMinor) {
    // Given back in full it is over: staff canceled the order.
    if (refundedMinor < capturedMinor) found.push(drift("part_capture", "alerted", about));
  } else if (!isPaid && refundedMinor < capturedMinor) {
    found.push(drift("captured_not_paid", "told", about));
  }
  if (isPaid && order.capturedMinor > capturedMinor) found.push(drift("paid_not_captured", "alerted", about));
  if (refundedMinor > order.refundedMinor) found.push(drift("refund_only_at_stripe", "reviewed", about));
  if (refundedMinor < order.refundedMinor) found.push(drift("refund_only_here", "alerted", about));
  if (money.isDisputed && !order.isDisputeKnown) found.push(drift("dispute_unseen", "reviewed", about));
  return found;
}

/** An order that says it was paid by an intent that Stripe does not know. */
export function moneyMissing(order: OrderFacts): Drift[] {
  const { orderId, intentId } = order;
  if (order.isMoving || order.capturedMinor === 0) return [];
  return [drift("paid_not_captured", "alerted", { orderId, intentId })];
}

/** An order and its copy in Postgres, of this version; null where there is none. One that was never confirmed is still on its way. */
export function historyDrift(order: OrderFacts, copiedVersion: number | null): Drift[] {
  if (copiedVersion !== null && copiedVersion >= order.confirmedVersion) return [];
  if (order.confirmedVersion === 0) return [];
  return [drift("missing_order_row", "resent", { orderId: order.orderId })];
}

const unitsOf = (units: OrderFacts["lines"], sku: string) =>
  units.reduce((sum, each) => (each.sku === sku ? sum + each.quantity : sum), 0);

/** An order and its units at one of its SKUs. */
export function unitDrift(order: OrderFacts, sku: string, units: UnitFacts): Drift[] {
  if (order.isMoving) return [];
  const about = { orderId: order.orderId, sku };
  if (order.units === "settled" || order.units === "settling")
    return units.sold > 0 ? [drift("sold_without_order", "settled", about)] : [];
  if (order.units !== "committed") return [];
  const returned = unitsOf(order.returned, sku);
  if (units.returned > returned) return [drift("units_returned_twice", "alerted", about)];
  if (units.sold < unitsOf(order.lines, sku) - returned)
    return [drift("order_without_units", "alerted", about)];
  return [];
}

/** Units sold to an order, seen from the SKU. Null: the order is not there. */
export function soldDrift(sku: string, units: UnitFacts, order: OrderFacts | null): Drift[] {
  if (units.sold === 0) return [];
  const about = { orderId: units.orderId, sku };
  if (order === null || unitsOf(order.lines, sku) === 0)
    return [drift("sold_without_order", "alerted", about)];
  return unitDrift(order, sku, units).filter(({ kind }) => kind === "sold_without_order");
}

/** A SKU's ledger and its copy in Postgres, read in this order: the copy, the object. */
export function ledgerDrift(ledger: LedgerFacts, copy: LedgerCopyFacts): Drift[] {
  const isShort = copy.completeThrough < ledger.confirmedThrough;
  const isHollow = copy.entries !== copy.completeThrough;
  const isWrong = ledger.sumsThen !== null && !isSame(ledger.sumsThen, copy.sums);
  return isShort || isHollow || isWrong ? [drift("ledger_gap", "alerted", { sku: ledger.sku })] : [];
}

function isSame(one: UnitSums, other: UnitSums): boolean {
  return (["available", "held", "sold", "received", "adjusted"] as const).every(
    (figure) => one[figure] === other[figure],
  );
}
