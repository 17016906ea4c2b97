/** What a shopper is told when a SKU object refused. */
import type { ProblemCode, RefusedLine } from "../../contracts/problem.ts";
import type { FieldError } from "../../contracts/problem.ts";
import type { ChargeFault } from "../../domain/charge-limits.ts";
import type { RefusedReservation } from "../../domain/order/placing.ts";

export interface PlacementRefusal {
  readonly ok: false;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly lines?: readonly RefusedLine[];
  /** The caller's own open order that is in the way. */
  readonly orderId?: string;
  /** With `too_many_unpaid`: the caller's own open orders. */
  readonly orderIds?: readonly string[];
  readonly retryAfterSeconds?: number;
  /** With `price_changed`: the total as it is now, minor units. */
  readonly currentTotal?: number;
  /** With `validation_failed`: why the total cannot be charged. */
  readonly chargeFault?: ChargeFault;
  /** With `not_on_sale`: epoch ms. */
  readonly opensAt?: number;
}

/** Tentative holds lapse within this time, so a conflict with one is worth another try then. */
const TENTATIVE_RETRY_SECONDS = 60;

/** What a set of refused reservations means. What can be waited for is named first. */
export function refusalOf(refused: readonly RefusedReservation[]): PlacementRefusal {
  for (const { outcome } of refused) {
    if (outcome.reason === "not_on_sale") {
      return {
        ok: false,
        code: "not_on_sale",
        detail: "This product is not on sale yet.",
        opensAt: outcome.opensAt,
      };
    }
  }
  const lines = refused.map(({ sku, requested, outcome }) => ({
    sku,
    requested,
    available: "available" in outcome ? outcome.available : 0,
  }));
  for (const { outcome } of refused) {
    if (outcome.reason === "purchase_limit") {
      return {
        ok: false,
        code: "purchase_limit",
        detail: "This is more than one customer can buy.",
        lines,
        ...(outcome.orderId === null ? {} : { orderId: outcome.orderId }),
        ...(outcome.tentativeOnly ? { retryAfterSeconds: TENTATIVE_RETRY_SECONDS } : {}),
      };
    }
    if (outcome.reason === "too_many_unpaid") {
      const { orderIds } = outcome;
      return {
        ok: false,
        code: "too_many_unpaid",
        detail:
          "Too many unpaid items are being held for your network. Pay for an open order or cancel it, or try again later.",
        lines,
        ...(orderIds.length === 0 ? {} : { orderIds }),
      };
    }
  }
  return { ok: false, code: "sold_out", detail: "There are not enough units left.", lines };
}

/** The refusal of a total that the payment provider could not charge. */
export function refusalOfCharge(fault: ChargeFault): PlacementRefusal {
  return {
    ok: false,
    code: "validation_failed",
    detail: `The total ${fault.message}.`,
    errors: [{ path: "lines", message: `their total ${fault.message}` }],
    chargeFault: fault,
  };
}
