/** The named schemas of the API document, and the shapes that only ops and health have. */
import * as z from "zod";
import {
  AccountEmailBody,
  ChangeEmailBody,
  ChangePasswordBody,
  ConfirmEmailChangeBody,
  NoBody,
  PasskeyAuthenticationBody,
  PasskeyBody,
  PasskeyRegistrationBody,
  ResetPasswordBody,
  RevokeSessionBody,
  SignInBody,
  SignUpBody,
  SocialSignInBody,
  VerifyEmailBody,
} from "../../contracts/accounts.ts";
import {
  AvailabilityList,
  CartLineBody,
  CartView,
  Price,
  Product,
  ProductList,
  Sku,
  Timestamp,
} from "../../contracts/catalog.ts";
import { CHARGEABLE_CURRENCIES, MAX_CHARGE_MINOR, priceFault } from "../../domain/charge-limits.ts";
import { ORDER_STATUSES } from "../../domain/order/status.ts";
import { CspReports } from "../../contracts/csp-reports.ts";
import {
  OrderLookupAnswer,
  OrderLookupBody,
  OrderView,
  PaymentView,
  PlaceOrderBody,
  PlacedOrder,
} from "../../contracts/orders.ts";
import { KeptRates, ShippingZones, TaxRates } from "../../contracts/rates.ts";
import { OrderTotals } from "../../contracts/totals.ts";
import { postalAddressFields } from "../../contracts/postal-address.ts";
import {
  Address,
  AddressBody,
  AddressList,
  AddressPatch,
  Me,
  MeBody,
  OwnOrderList,
  Reordered,
  WishedSkus,
  Wishlist,
} from "../../contracts/profile.ts";
import { Problem } from "../../contracts/problem.ts";
import { SearchAnswer } from "../../contracts/search.ts";
import { Shopper } from "../../contracts/shopper.ts";
import {
  CancellationAnswer,
  CancellationBody,
  DeliveryAnswer,
  DeliveryBody,
  DisputeView,
  FraudWarningView,
  OpsOrderDetail,
  RefundAnswer,
  RefundBody,
  RefusedOperationView,
  ShipmentAnswer,
  ShipmentBody,
} from "../../contracts/ops-orders.ts";
import {
  DeadLetter,
  DeadLetterList,
  DiscardBody,
  Replayed,
  ReplayBody,
} from "../../contracts/ops-dead-letters.ts";
import { Reconciliation, ReconciliationBody, ResyncBody } from "../../contracts/reconciliation.ts";
import { freeText } from "../../contracts/text.ts";
import { VitalsBody } from "../../contracts/vitals.ts";

/** A SKU's figures, read from its object. `available + held + sold = received + adjusted`. */
export const SkuFigures = z.object({
  sku: Sku,
  available: z.int(),
  held: z.int(),
  sold: z.int(),
  received: z.int(),
  adjusted: z.int(),
  ledgerSequence: z.int(),
});
export type SkuFigures = z.infer<typeof SkuFigures>;

/** What a SKU's object was asked since it woke up; this question is not counted. */
export const SkuRequests = z.object({ sku: Sku, reads: z.int(), calls: z.int(), commands: z.int() });
export type SkuRequests = z.infer<typeof SkuRequests>;

/** No one adjustment is larger; a typo of a few digits too many is refused. */
const MAX_ADJUSTMENT_UNITS = 1_000_000;

export const AdjustmentBody = z.strictObject({
  /** Repeating an id changes nothing more. */
  id: z.string().regex(/^[\x21-\x7e]{1,100}$/, "must be 1 to 100 visible ASCII characters"),
  /** Units to add, or to take away where negative. */
  delta: z
    .int()
    .min(-MAX_ADJUSTMENT_UNITS)
    .max(MAX_ADJUSTMENT_UNITS)
    .refine((delta) => delta !== 0, "must not be zero"),
  reason: freeText({ max: 500 }),
});
export type AdjustmentBody = z.infer<typeof AdjustmentBody>;

/** Within what can be charged; 0 for a gift. */
export const PriceBody = z
  .strictObject({
    /** Repeating an id changes nothing more. */
    id: z.string().regex(/^[\x21-\x7e]{1,100}$/, "must be 1 to 100 visible ASCII characters"),
    amount: z.int().meta({ minimum: 0, maximum: MAX_CHARGE_MINOR }),
    /** The currency the SKU is sold in. */
    currency: z.enum(CHARGEABLE_CURRENCIES, "must be a currency that can be charged"),
    reason: freeText({ max: 500 }),
  })
  .superRefine(({ amount, currency }, context) => {
    const fault = priceFault(amount, currency);
    if (fault !== null) context.addIssue({ code: "custom", path: ["amount"], message: fault.message });
  });
export type PriceBody = z.infer<typeof PriceBody>;

/** The rates the change was made of: those have to be the newest still. */
const seenRates = { revision: z.int().nonnegative(), reason: freeText({ max: 500 }) };
export const ShippingBody = z.strictObject({ ...seenRates, zones: ShippingZones });
export const TaxesBody = z.strictObject({ ...seenRates, taxes: TaxRates });

export const SkuPrice = z.object({ sku: Sku, price: Price });
export type SkuPrice = z.infer<typeof SkuPrice>;

const OpsOrder = z.object({
  orderId: z.string(),
  status: z.enum(ORDER_STATUSES),
  version: z.int(),
  openedAt: Timestamp,
  updatedAt: Timestamp,
  totals: OrderTotals.pick({ total: true, currency: true }),
  /** Null once the personal data was erased, or while it has not arrived. */
  email: z.string().nullable(),
  disputes: z.array(DisputeView),
  fraudWarning: FraudWarningView.nullable(),
  /** Whether the buyer asked for a refund that staff have to decide on. */
  refundRequested: z.boolean(),
  refusedOperations: z.array(RefusedOperationView),
});
export const OpsOrderList = z.object({ items: z.array(OpsOrder), nextCursor: z.string().nullable() });
export type OpsOrderList = z.infer<typeof OpsOrderList>;

const DependencyState = z.enum(["up", "down"]);
export const Health = z.object({
  status: z.enum(["ok", "degraded"]),
  dependencies: z.object({ postgres: DependencyState, redis: DependencyState, stripe: DependencyState }),
  /** Whether persons are told from programs; it is off where its keys are not set. */
  challenge: z.enum(["on", "off"]),
  /** What is not configured, and what to run; left out where everything is. */
  advice: z.string().optional(),
});
export type Health = z.infer<typeof Health>;

const WebhookReceipt = z.object({ received: z.literal(true) });

/** Everything the document names under `components.schemas`. */
export const SCHEMAS = {
  Country: postalAddressFields.country,
  AccountEmailBody,
  ChangeEmailBody,
  ChangePasswordBody,
  ConfirmEmailChangeBody,
  NoBody,
  PasskeyAuthenticationBody,
  PasskeyBody,
  PasskeyRegistrationBody,
  ResetPasswordBody,
  RevokeSessionBody,
  SignInBody,
  SignUpBody,
  SocialSignInBody,
  VerifyEmailBody,
  Product,
  ProductList,
  AvailabilityList,
  SearchAnswer,
  CartView,
  CartLineBody,
  PlaceOrderBody,
  PlacedOrder,
  OrderView,
  PaymentView,
  OrderLookupBody,
  OrderLookupAnswer,
  Me,
  MeBody,
  Address,
  AddressBody,
  AddressPatch,
  AddressList,
  OwnOrderList,
  Reordered,
  Wishlist,
  WishedSkus,
  SkuFigures,
  SkuRequests,
  AdjustmentBody,
  PriceBody,
  SkuPrice,
  Rates: KeptRates,
  ShippingBody,
  TaxesBody,
  RefundBody,
  RefundAnswer,
  CancellationBody,
  CancellationAnswer,
  ShipmentBody,
  ShipmentAnswer,
  DeliveryBody,
  DeliveryAnswer,
  Shopper,
  OpsOrder,
  OpsOrderList,
  OpsOrderDetail,
  DeadLetter,
  DeadLetterList,
  DiscardBody,
  ReplayBody,
  Replayed,
  ReconciliationBody,
  ResyncBody,
  Reconciliation,
  Health,
  VitalsBody,
  CspReports,
  WebhookReceipt,
  Problem,
} as const satisfies Record<string, z.ZodType>;
export type SchemaName = keyof typeof SCHEMAS;
