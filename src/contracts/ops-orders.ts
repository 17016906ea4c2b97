/** HTTP shapes of what staff do with an order after it is paid. */
import * as z from "zod";
import { MAX_CHARGE_MINOR } from "../domain/charge-limits.ts";
import { MAX_LINE_QUANTITY, MAX_LINES } from "../domain/line-limits.ts";
import { DISPUTE_STATUSES } from "../domain/order/disputes.ts";
import { NOTICE_KINDS } from "../domain/order/notice.ts";
import { REFUND_CAUSES, REFUND_STATUSES, RESTOCK_STATUSES } from "../domain/order/refunds.ts";
import { Sku, Timestamp } from "./catalog.ts";
import { ORDER_STATUSES } from "../domain/order/status.ts";
import { OrderView, ParcelView } from "./orders.ts";
import { KeptAddress } from "./postal-address.ts";
import { freeText, singleLine } from "./text.ts";

/** A command's id: repeating it changes nothing more. */
export const CommandId = z
  .string()
  .regex(/^[\x21-\x7e]{1,100}$/, "must be 1 to 100 visible ASCII characters");

export const Reason = freeText({ max: 500 });

/** Units of lines; a SKU may appear once. */
export const UnitLines = z
  .array(z.strictObject({ sku: Sku, quantity: z.int().min(1).max(MAX_LINE_QUANTITY) }))
  .min(1)
  .max(MAX_LINES)
  .refine((lines) => new Set(lines.map(({ sku }) => sku)).size === lines.length, "a SKU may appear once");

/** Nothing named: everything that is left. Lines: what those units cost, taxes in it. An amount: goodwill, without units. */
export const RefundBody = z
  .strictObject({
    id: CommandId,
    /** Minor units of the order's currency. */
    amount: z.int().min(1).max(MAX_CHARGE_MINOR).optional(),
    lines: UnitLines.optional(),
    /** Whether the shipping is refunded, too. */
    shipping: z.boolean().optional(),
    /** Whether the units go back on sale. */
    restock: z.boolean(),
    reason: Reason,
  })
  .superRefine(({ amount, lines, shipping, restock }, context) => {
    if (amount === undefined) return;
    const issue = (path: string, message: string) => {
      context.addIssue({ code: "custom", path: [path], message });
    };
    if (lines !== undefined) issue("amount", "cannot be given together with lines");
    if (shipping === true) issue("amount", "cannot be given together with shipping");
    if (restock) issue("restock", "an amount returns no units: name the lines instead");
  });
export type RefundBody = z.infer<typeof RefundBody>;

export const RefundAnswer = z.object({
  refund: z.object({
    id: z.string(),
    /** Minor units of the order's currency. */
    amount: z.int(),
    /** Pending until Stripe made it; a refund that succeeded may still fail days later. */
    status: z.enum(REFUND_STATUSES),
  }),
});
export type RefundAnswer = z.infer<typeof RefundAnswer>;

export const CancellationBody = z.strictObject({
  id: CommandId,
  reason: Reason,
  /** Whether the units of a paid order go back on sale; those of an unpaid one always do. */
  restock: z.boolean(),
});
export type CancellationBody = z.infer<typeof CancellationBody>;

/** `refund` is null where nothing was paid. */
export const CancellationAnswer = RefundAnswer.extend({ refund: RefundAnswer.shape.refund.nullable() });
export type CancellationAnswer = z.infer<typeof CancellationAnswer>;

/** A parcel that has left; all that is left to ship is in it where no lines are named. */
export const ShipmentBody = z.strictObject({
  id: CommandId,
  /** As people call it; of known ones, spelled in any way, there is a link to the parcel. */
  carrier: singleLine({ max: 40 }),
  trackingNumber: z
    .string()
    .trim()
    .regex(
      /^[A-Za-z0-9](?:[A-Za-z0-9 -]{0,38}[A-Za-z0-9])?$/,
      "must be 1 to 40 letters, digits, spaces and hyphens",
    ),
  lines: UnitLines.optional(),
});
export type ShipmentBody = z.infer<typeof ShipmentBody>;

/** What has arrived; all parcels that are on their way where none is named. */
export const DeliveryBody = z.strictObject({ id: CommandId, shipmentId: CommandId.optional() });
export type DeliveryBody = z.infer<typeof DeliveryBody>;

export const OpsParcel = ParcelView.extend({ id: z.string() });
export type OpsParcel = z.infer<typeof OpsParcel>;

export const ShipmentAnswer = z.object({ shipment: OpsParcel, status: z.enum(ORDER_STATUSES) });
export type ShipmentAnswer = z.infer<typeof ShipmentAnswer>;

export const DeliveryAnswer = z.object({ shipments: z.array(OpsParcel), status: z.enum(ORDER_STATUSES) });
export type DeliveryAnswer = z.infer<typeof DeliveryAnswer>;

/** A dispute of the payment; `evidenceDueAt` is its deadline. */
export const DisputeView = z.object({
  id: z.string(),
  status: z.enum(DISPUTE_STATUSES),
  /** Stripe's word for why. */
  reason: z.string(),
  amount: z.int(),
  evidenceDueAt: Timestamp.nullable(),
  /** What the bank has taken and not given back, minor units. */
  withdrawn: z.int(),
  openedAt: Timestamp,
});

/** A bank's word that the payment is likely fraud; `actionable` while a refund may keep a dispute away. */
export const FraudWarningView = z.object({
  id: z.string(),
  type: z.string(),
  actionable: z.boolean(),
  at: Timestamp,
});

/** What Stripe refused for good and is not tried any more: ops see to it. */
export const RefusedOperationView = z.object({
  kind: z.string(),
  /** Minor units; 0 where it is not about a sum. */
  amount: z.int(),
  code: z.string(),
  at: Timestamp,
});

/** All that staff need of an order to pack it and to answer a call. Sums are minor units of its currency. */
export const OpsOrderDetail = OrderView.omit({ parcels: true }).extend({
  parcels: z.array(OpsParcel),
  /** The version that Postgres has, from which all below comes; null before the first. */
  storedVersion: z.int().nullable(),
  /** Null once the person was erased, or while it has not arrived. */
  email: z.string().nullable(),
  shippingAddress: KeptAddress.nullable(),
  erasedAt: Timestamp.nullable(),
  payments: z.array(
    z.object({
      intentId: z.string(),
      decision: z.enum(["capture", "cancel"]).nullable(),
      amount: z.int(),
      captured: z.int(),
      refunded: z.int(),
      lastErrorCode: z.string().nullable(),
    }),
  ),
  refunds: z.array(
    z.object({
      id: z.string(),
      cause: z.enum(REFUND_CAUSES),
      amount: z.int(),
      status: z.enum(REFUND_STATUSES),
      lines: z.array(z.object({ sku: z.string(), quantity: z.int(), amount: z.int() })),
      shipping: z.int(),
      restock: z.enum(RESTOCK_STATUSES),
      stripeId: z.string().nullable(),
      failure: z.string().nullable(),
      requestedAt: Timestamp,
      updatedAt: Timestamp,
    }),
  ),
  disputes: z.array(DisputeView),
  fraudWarning: FraudWarningView.nullable(),
  refusedOperations: z.array(RefusedOperationView),
  /** Emails that went out, the oldest first; `about` is the id of the refund, shipment or delivery it told of. */
  emails: z.array(z.object({ kind: z.enum(NOTICE_KINDS), about: z.string(), sentAt: Timestamp })),
  /** What staff did, the newest first, 200 entries at most. */
  audit: z.array(
    z.object({
      at: Timestamp,
      actor: z.string(),
      action: z.string(),
      reason: z.string().nullable(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type OpsOrderDetail = z.infer<typeof OpsOrderDetail>;
