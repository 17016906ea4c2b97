/** What an order object tells others about an order: plain, versioned, without secrets of the payment. */
import type { ShippingMethod, Totals } from "../pricing.ts";
import type { OrderStatus } from "./status.ts";

export interface OrderLine {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitAmountMinor: number;
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
  readonly shippingMethod: ShippingMethod;
  readonly lastPaymentError: PaymentFailure | null;
  readonly refundedMinor: number;
  readonly refundRequested: boolean;
  readonly timeline: readonly TimelineEntry[];
  readonly intentId: string | null;
}
