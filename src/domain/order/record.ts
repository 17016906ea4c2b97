/** What an order object tells others about an order: plain, versioned, without secrets of the payment. */
import type { TransitDays } from "../delivery-estimate.ts";
import type { Totals } from "../pricing.ts";
import type { OrderStatus } from "./status.ts";

export interface OrderLine {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitAmountMinor: number;
  /** Minor units, in the order of the order's `totals.taxes`; absent in orders of a version that knew no taxes. */
  readonly taxAmounts?: readonly number[] | undefined;
}

export interface TimelineEntry {
  readonly status: OrderStatus;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface PaymentFailure {
  readonly code: string;
  readonly message: string;
}

/** What the shopper is told where the address or the card has paid for as many as one buyer may have. */
export const LIMIT_REACHED: PaymentFailure = {
  code: "purchase_limit",
  message: "As many of these as one customer can buy were already bought with this card or e-mail address.",
};

export interface RecordedRefund {
  readonly id: string;
  readonly amountMinor: number;
  readonly status: "pending" | "succeeded" | "failed";
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface RecordedParcel {
  /** The id of the command that shipped it. */
  readonly id: string;
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  /** Epoch milliseconds. */
  readonly shippedAt: number;
  /** Epoch milliseconds; null while it is on its way. */
  readonly deliveredAt: number | null;
  /** The id of the command that said so. */
  readonly deliveryId: string | null;
}

export interface OrderRecord {
  readonly orderId: string;
  readonly fingerprint: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly openedAt: number;
  readonly updatedAt: number;
  /** Epoch milliseconds; the end of the payment window once paying has begun. */
  readonly holdExpiresAt: number;
  readonly lines: readonly OrderLine[];
  readonly totals: Totals;
  /** The code of its method. */
  readonly shippingMethod: string;
  /** What shoppers call that method. */
  readonly shippingName: string;
  /** How long it takes; null where the order does not say. */
  readonly transit: TransitDays | null;
  readonly lastPaymentError: PaymentFailure | null;
  readonly refundedMinor: number;
  readonly refundRequested: boolean;
  readonly refunds: readonly RecordedRefund[];
  /** How the newest dispute of the payment stands, in Stripe's words; null where there was none. */
  readonly dispute: string | null;
  /** The oldest first. */
  readonly parcels: readonly RecordedParcel[];
  readonly timeline: readonly TimelineEntry[];
  readonly intentId: string | null;
  /** How long until the store confirms it once the payment is authorized, ms; null or absent where that is not known. */
  readonly estimatedWaitMs?: number | null;
}
