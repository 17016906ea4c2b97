/** HTTP shapes of placing, paying, following and cancelling an order. */
import * as z from "zod";
import { METHOD_CODE } from "../domain/shipping.ts";
import { orderIdEnding } from "../domain/order/number.ts";
import { ORDER_STATUSES } from "../domain/order/status.ts";
import { MAX_LINE_QUANTITY, MAX_LINES } from "../domain/line-limits.ts";
import { Price, Sku, Timestamp } from "./catalog.ts";
import { EmailAddress } from "./email-address.ts";
import { ShippingAddress } from "./postal-address.ts";
import { OrderTotals, TaxView } from "./totals.ts";

/** `Idempotency-Key`: 1 to 255 visible ASCII characters. */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

export const OrderLineBody = z.strictObject({ sku: Sku, quantity: z.int().min(1).max(MAX_LINE_QUANTITY) });

/** The code of a shipping method; which there are depends on where the order goes. */
export const ShippingMethodCode = z.string().regex(METHOD_CODE, "must be a shipping method");

export const PlaceOrderBody = z.strictObject({
  lines: z
    .array(OrderLineBody)
    .min(1)
    .max(MAX_LINES)
    .refine((lines) => new Set(lines.map((line) => line.sku)).size === lines.length, "a SKU may appear once"),
  email: EmailAddress,
  shippingAddress: ShippingAddress,
  shippingMethod: ShippingMethodCode,
  /** What the shopper was shown, in minor units; a difference is refused as `price_changed`. */
  expectedTotal: z.int().nonnegative().optional(),
  turnstileToken: z.string().max(2048).optional(),
});
export type PlaceOrderBody = z.infer<typeof PlaceOrderBody>;
type Input = z.input<typeof PlaceOrderBody>;
/** The body as received, before the schema cleaned anything. */
export type PlaceOrderInput = Omit<Input, "shippingAddress"> & {
  readonly shippingAddress: Omit<Input["shippingAddress"], "country"> & { readonly country: string };
};

/** The number of an order, as somebody types it, and the address it was ordered with. */
export const OrderLookupBody = z.strictObject({
  number: z
    .string()
    .max(64)
    .refine((typed) => orderIdEnding(typed) !== null, "must be an order number, like ABCD-1234"),
  email: EmailAddress,
  turnstileToken: z.string().max(2048).optional(),
});
export type OrderLookupBody = z.infer<typeof OrderLookupBody>;

/** The same whether or not there is such an order. */
export const OrderLookupAnswer = z.object({ message: z.string() });
export type OrderLookupAnswer = z.infer<typeof OrderLookupAnswer>;

export const OrderLineView = z.object({
  sku: Sku,
  name: z.string(),
  quantity: z.int(),
  unitPrice: Price,
  /** The taxes on this line, in the order of the total's. */
  taxes: z.array(TaxView),
});

/** The buyer pays; the store confirms, hands the parcel over; the carrier delivers it. */
const NEXT_STEPS = ["payment", "confirmation", "shipment", "delivery"] as const;

const orderCore = {
  orderId: z.string(),
  status: z.enum(ORDER_STATUSES),
  version: z.int().positive(),
  holdExpiresAt: Timestamp,
  serverTime: Timestamp,
  lines: z.array(OrderLineView),
  totals: OrderTotals,
  /** What comes next; absent where nothing does. */
  next: z.enum(NEXT_STEPS).optional(),
  /**
   * How long the store will probably take to confirm the order once the payment is authorized, whole seconds; of one that is
   * authorized, how much longer. Measured on orders of the last quarter of an hour; absent where there were none.
   */
  estimatedWaitSeconds: z.int().nonnegative().optional(),
};

export const PlacedOrder = z.object({ ...orderCore, token: z.string() });
export type PlacedOrder = z.infer<typeof PlacedOrder>;

export const PaymentErrorView = z.object({ code: z.string(), message: z.string() });

export const Tracking = z.object({
  carrier: z.string(),
  trackingNumber: z.string(),
  /** The carrier's own page of the parcel; absent where the carrier is not a known one. */
  url: z.url().optional(),
});

export const ParcelView = Tracking.extend({
  lines: z.array(z.object({ sku: Sku, quantity: z.int().positive() })),
  shippedAt: Timestamp,
  /** Absent while it is on its way. */
  deliveredAt: Timestamp.optional(),
});
export type ParcelView = z.infer<typeof ParcelView>;

export const OrderView = z.object({
  ...orderCore,
  shippingMethod: ShippingMethodCode,
  /** What shoppers call that method. */
  shippingName: z.string(),
  /** Business days on the way, from the day of dispatch on. */
  transit: z.object({ leastDays: z.int(), mostDays: z.int() }).optional(),
  lastPaymentError: PaymentErrorView.optional(),
  /** Refunded so far, in minor units. */
  refunded: z.int().optional(),
  refundRequested: z.boolean().optional(),
  dispute: z.string().optional(),
  /** Of the parcel that left last; all of them are in `parcels`. */
  tracking: Tracking.optional(),
  /** What has left, the oldest first; absent before the first. */
  parcels: z.array(ParcelView).optional(),
  timeline: z.array(z.object({ status: z.enum(ORDER_STATUSES), at: Timestamp })),
});
export type OrderView = z.infer<typeof OrderView>;

export const PaymentView = z.object({
  paymentIntentId: z.string(),
  clientSecret: z.string(),
  publishableKey: z.string(),
  amount: z.int(),
  holdExpiresAt: Timestamp,
  serverTime: Timestamp,
});
export type PaymentView = z.infer<typeof PaymentView>;
