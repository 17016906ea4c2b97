/** What a shopper is told when a SKU object refused. */
import type { ProblemCode, RefusedLine } from "../../contracts/problem.ts";
import type { FieldError } from "../../contracts/problem.ts";
import { chargeFault, type ChargeFault } from "../../domain/charge-limits.ts";
import { isAtPrices, type Agreement } from "../../domain/agreement.ts";
import type { OpenOrder } from "../../domain/order/state.ts";
import type { LineReservation } from "./reservations.ts";

export interface PlacementRefusal {
  readonly ok: false;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
  readonly lines?: readonly RefusedLine[];
  /** The caller's own open order that is in the way. */
  readonly orderId?: string;
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

/** The refusal of a set of reservations, or null when none was refused. What can be waited for is named first. */
export function refusalOf(reservations: readonly LineReservation[]): PlacementRefusal | null {
  const refused = reservations.filter(({ outcome }) => !outcome.ok);
  if (refused.length === 0) return null;

  for (const { outcome } of refused) {
    if (!outcome.ok && outcome.reason === "not_on_sale") {
      return {
        ok: false,
        code: "not_on_sale",
        detail: "This product is not on sale yet.",
        opensAt: outcome.opensAt,
      };
    }
  }
  const lines = refused.map(({ line, outcome }) => ({
    sku: line.sku,
    requested: line.quantity,
    available: "available" in outcome ? outcome.available : 0,
  }));
  for (const { outcome } of refused) {
    if (outcome.ok || outcome.reason !== "purchase_limit") continue;
    return {
      ok: false,
      code: "purchase_limit",
      detail: "This is more than one buyer may have.",
      lines,
      ...(outcome.orderId === null ? {} : { orderId: outcome.orderId }),
      ...(outcome.tentativeOnly ? { retryAfterSeconds: TENTATIVE_RETRY_SECONDS } : {}),
    };
  }
  return { ok: false, code: "sold_out", detail: "There are not enough units left.", lines };
}

/**
 * The refusal of a total: what the payment provider could not charge, or what the shopper was not shown. Null where neither holds.
 *
 * @param shown the total, minor units, and what each item costs, as far as it is said
 */
export function refusalOfTotal(
  { lines, totals: { total, currency } }: Pick<OpenOrder, "lines" | "totals">,
  shown: { readonly total?: number | undefined; readonly items?: Agreement | undefined },
): PlacementRefusal | null {
  const fault = chargeFault(total, currency);
  if (fault !== null) {
    return {
      ok: false,
      code: "validation_failed",
      detail: `The total ${fault.message}.`,
      errors: [{ path: "lines", message: `their total ${fault.message}` }],
      chargeFault: fault,
    };
  }
  const isAsShown =
    (shown.total ?? total) === total && (shown.items === undefined || isAtPrices(shown.items, lines));
  if (isAsShown) return null;
  return { ok: false, code: "price_changed", detail: "The total has changed.", currentTotal: total };
}
