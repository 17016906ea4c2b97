/** What each part of the store says of the same purchase, in the form in which they are compared. */
import { nextUnitStep } from "../order/next-step.ts";
import type { IntentStatus } from "../order/payment-operation.ts";
import { refundsOf } from "../order/refunds.ts";
import type { OrderState } from "../order/state.ts";
import type { OrderStatus } from "../order/status.ts";

interface Units {
  readonly sku: string;
  readonly quantity: number;
}

/** As its shard has an order. */
export interface OrderFacts {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly version: number;
  /** The newest version that Postgres said it has. */
  readonly confirmedVersion: number;
  readonly lines: readonly Units[];
  readonly totalMinor: number;
  readonly units: OrderState["units"];
  /** Something is owed or under way: the order sees to it by itself, and is compared once it is done. */
  readonly isMoving: boolean;
  readonly intentId: string | null;
  readonly capturedMinor: number;
  /** What Stripe was seen to give back, refunds that are pending there among it, minor units. */
  readonly refundedMinor: number;
  /** Units back on sale, per SKU. */
  readonly returned: readonly Units[];
  readonly isDisputeKnown: boolean;
}

/** As Stripe has the money. */
export interface MoneyFacts {
  readonly intentId: string;
  readonly orderId: string;
  readonly status: IntentStatus;
  readonly capturedMinor: number;
  /** Pending refunds among it, minor units. */
  readonly refundedMinor: number;
  readonly isDisputed: boolean;
}

/** As a SKU's object has an order's units. */
export interface UnitFacts {
  readonly orderId: string;
  /** Units sold to the order and not returned. */
  readonly sold: number;
  /** Units that were returned by commands of this order, however often. */
  readonly returned: number;
}

export interface UnitSums {
  readonly available: number;
  readonly held: number;
  readonly sold: number;
  readonly received: number;
  readonly adjusted: number;
}

/** As a SKU's object has its own ledger. */
export interface LedgerFacts {
  readonly sku: string;
  /** Every entry up to this one left the object, because Postgres said it has it. */
  readonly confirmedThrough: number;
  /** The figures after the entry up to which Postgres is complete; null where the object no longer has what came after it. */
  readonly sumsThen: UnitSums | null;
}

/** As Postgres has a SKU's ledger. */
export interface LedgerCopyFacts {
  readonly completeThrough: number;
  /** Entries up to there: as many as their number says. */
  readonly entries: number;
  readonly sums: UnitSums;
}

export function orderFactsOf(state: OrderState): OrderFacts {
  const refunds = refundsOf(state);
  const atStripe = refunds.filter(
    ({ status, stripeId }) => status === "succeeded" || (status === "pending" && stripeId !== null),
  );
  const isRefundOwed = refunds.some(({ status, stripeId }) => status === "pending" && stripeId === null);
  const isReviewed = state.review == null || state.review.attempts === 0;
  return {
    orderId: state.orderId,
    status: state.status,
    version: state.version,
    confirmedVersion: state.confirmedVersion,
    lines: state.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    totalMinor: state.totals.total,
    units: state.units,
    isMoving: state.obligations.length > 0 || isRefundOwed || !isReviewed || nextUnitStep(state) !== null,
    intentId: state.payment?.intentId ?? null,
    capturedMinor: state.capturedMinor,
    refundedMinor: atStripe.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    returned: refunds.flatMap(({ returned }) => (returned?.status === "done" ? returned.lines : [])),
    isDisputeKnown: (state.disputes ?? []).length > 0,
  };
}
