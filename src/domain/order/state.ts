/** All an order object knows, as one value. Personal data is kept apart (the contact), because it leaves earlier. */
import type { TransitDays } from "../delivery-estimate.ts";
import type { Totals } from "../pricing.ts";
import type { Dispute, FraudWarning } from "./disputes.ts";
import type { FirstNoticeKind, LaterNoticeKind } from "./notice.ts";
import type { Parcel } from "./parcels.ts";
import type { PaymentOperation } from "./payment-operation.ts";
import type { RefusedOperation } from "./refused-operations.ts";
import type { OrderLine, OrderRecord, PaymentFailure, TimelineEntry } from "./record.ts";
import type { Refund } from "./refunds.ts";
import type { OrderStatus } from "./status.ts";

export const ORDER_STATE_VERSION = 1;

export interface Durations {
  /** How long units are held for an order, ms. */
  readonly holdMs: number;
  /** How long paying may take once begun, ms. */
  readonly windowMs: number;
  /** How much longer than the order the SKU objects keep the units, ms. */
  readonly graceMs: number;
}

/** `extending`: holds are being extended; `started`: an intent may exist; `known`: it does; `none`: surely none does. */
export interface Payment {
  readonly phase: "extending" | "started" | "known" | "none";
  /** The count of creations; part of the idempotency key. */
  readonly n: number;
  readonly startedAt: number;
  readonly intentId: string | null;
  /** Known only where this order created or retrieved the intent itself; an event does not carry it. */
  readonly clientSecret: string | null;
  readonly lastError: PaymentFailure | null;
  /** Stripe showed the intent's final state (`canceled` or `succeeded`). */
  readonly final: boolean;
}

/** What is still owed at Stripe; it stays, with an alarm, until Stripe shows that it is done. */
export interface Obligation {
  readonly kind: Exclude<PaymentOperation["kind"], "create" | "identify" | "review">;
  readonly intentId: string | null;
  readonly amountMinor: number;
  readonly n: number;
  /** The number it was born with, where Stripe did not do it and it got another one. */
  readonly firstN?: number;
  /** How often the payments queue was asked to do it. */
  readonly attempts: number;
  /** Epoch ms at which it is asked again. */
  readonly nextAt: number;
  /** How often Stripe refused it; absent where it never did. */
  readonly refusals?: number;
}

export type CancelReason =
  "due" | "shopper" | "unit_lost" | "capture_refused" | "amount_mismatch" | "purchase_limit";

/**
 * The card that pays, where the units are limited per buyer. `wanted`: it is looked up before it is charged; `known`: the SKU objects
 * are asked whether it may pay for them; `judged`: they were, or there is no card to ask about.
 */
export interface Payer {
  readonly phase: "wanted" | "known" | "judged";
  readonly key: string | null;
}

export interface Decision {
  readonly kind: "capture" | "cancel";
  readonly reason: "authorised" | CancelReason;
  readonly at: number;
}

/** What an order keeps of its way of shipping: the merchant may change it, or end it. */
export interface ChosenShipping extends TransitDays {
  readonly name: string;
}

export interface OrderState {
  readonly v: typeof ORDER_STATE_VERSION;
  readonly orderId: string;
  readonly fingerprint: string;
  readonly buyer: string;
  /** The account it was placed in; absent in orders of a version that knew none, null once the person was erased. */
  readonly accountId?: string | null;
  readonly status: OrderStatus;
  /** 1 at birth; raised by every change that others may see. */
  readonly version: number;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly durations: Durations;
  readonly holdExpiresAt: number;
  /** The end of the payment window, fixed once by the first attempt to pay. */
  readonly payBy: number | null;
  readonly lines: readonly OrderLine[];
  readonly totals: Totals;
  /** The code of its method. */
  readonly shippingMethod: string;
  /** The method as it was when the order was placed; absent in orders of a version that kept its code alone. */
  readonly shipping?: ChosenShipping;
  readonly timeline: readonly TimelineEntry[];
  readonly payment: Payment | null;
  readonly decision: Decision | null;
  readonly units: "held" | "committed" | "settling" | "settled";
  /** When a unit step that a SKU did not answer is taken again, and how often it failed; null where none failed. */
  readonly stepRetry: { readonly attempts: number; readonly nextAt: number } | null;
  /** Absent until a SKU object asks for it. */
  readonly payer?: Payer;
  readonly obligations: readonly Obligation[];
  /** What Stripe refused for good, kept for ops; absent where it did not. */
  readonly refusedOperations?: readonly RefusedOperation[];
  /** The next `n` for each kind of obligation. */
  readonly operationCount: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly refundRequested: boolean;
  readonly confirmedVersion: number;
  readonly contactPersisted: boolean;
  readonly contactErased: boolean;
  /** When the newest snapshot is sent (again), and how often it was. */
  readonly outbox: { readonly attempts: number; readonly nextAt: number };
  readonly notice: {
    readonly kind: FirstNoticeKind;
    readonly attempts: number;
    readonly nextAt: number;
  } | null;
  /** It was compacted once (compaction.ts). */
  readonly isCompact?: true;
  // What follows a payment is absent until it happens: a build that does not know it keeps it.
  /** E-mails about what happened after the purchase, the oldest first. */
  readonly notices?: readonly DueNotice[];
  /** What went back or is about to, the oldest first. */
  readonly refunds?: readonly Refund[];
  readonly disputes?: readonly Dispute[];
  /** What has left, the oldest first. */
  readonly parcels?: readonly Parcel[];
  readonly fraudWarning?: FraudWarning | null;
  /** When what Stripe shows of the payment is read again; null or absent while nobody has a reason to. */
  readonly review?: { readonly attempts: number; readonly nextAt: number } | null;
}

export interface DueNotice {
  readonly kind: LaterNoticeKind;
  /** The id of a refund, a shipment or a delivery: with the kind it is one email. */
  readonly about: string;
  readonly attempts: number;
  readonly nextAt: number;
}

export interface OpenOrder {
  readonly orderId: string;
  readonly fingerprint: string;
  readonly buyer: string;
  /** Who placed it signed in; null or absent for a guest. */
  readonly accountId?: string | null;
  readonly lines: readonly OrderLine[];
  readonly totals: Totals;
  readonly shippingMethod: string;
  readonly shipping?: ChosenShipping;
}

/**
 * The snapshot of an open order waits this long, a new order's up to twice as long, so that a rush reaches Postgres spread
 * out and an order paid meanwhile leaves as one snapshot (docs/decisions/0008).
 */
export const SNAPSHOT_DELAY_MS = 3_000;

/**
 * A new order, all of its units held.
 *
 * @param startedAt when the attempt that held the units began, epoch ms: every deadline derives from it
 * @param now epoch ms
 * @param random a number in [0, 1) that spreads the first snapshots of many orders
 */
export function newOrder(
  content: OpenOrder,
  durations: Durations,
  startedAt: number,
  now: number,
  random: number,
): OrderState {
  return {
    ...content,
    v: ORDER_STATE_VERSION,
    status: "reserved",
    version: 1,
    openedAt: startedAt,
    updatedAt: now,
    durations,
    holdExpiresAt: startedAt + durations.holdMs,
    payBy: null,
    timeline: [{ status: "reserved", at: now }],
    payment: null,
    decision: null,
    units: "held",
    stepRetry: null,
    obligations: [],
    operationCount: 0,
    capturedMinor: 0,
    refundedMinor: 0,
    refundRequested: false,
    confirmedVersion: 0,
    contactPersisted: false,
    contactErased: false,
    outbox: { attempts: 0, nextAt: now + Math.round(SNAPSHOT_DELAY_MS * (1 + random)) },
    notice: null,
  };
}

/** Is an email to the shopper still due? */
export function hasNotice({ notice, notices }: OrderState): boolean {
  return notice !== null || (notices ?? []).length > 0;
}

/** Does Postgres lack something of this order? */
export function isUnconfirmed(state: OrderState): boolean {
  return state.confirmedVersion < state.version || !state.contactPersisted;
}

/** The moment the order decides for the shopper, epoch ms. */
export function deadlineOf(state: OrderState): number {
  return state.payBy ?? state.holdExpiresAt;
}

/** The SKU objects' deadline for this order's holds, and its cap (design §4.5), epoch ms. */
export interface SkuDeadlines {
  readonly expiresAt: number;
  readonly latestExpiresAt: number;
}

/** The deadlines of holds made by an attempt that began at `startedAt` (epoch ms). */
export function firstDeadlines({ holdMs, windowMs, graceMs }: Durations, startedAt: number): SkuDeadlines {
  const expiresAt = startedAt + holdMs + graceMs;
  return { expiresAt, latestExpiresAt: expiresAt + windowMs };
}

export function skuDeadlines(state: OrderState): SkuDeadlines {
  const { latestExpiresAt } = firstDeadlines(state.durations, state.openedAt);
  return { expiresAt: deadlineOf(state) + state.durations.graceMs, latestExpiresAt };
}

export function recordOf(state: OrderState): OrderRecord {
  return {
    orderId: state.orderId,
    fingerprint: state.fingerprint,
    status: state.status,
    version: state.version,
    openedAt: state.openedAt,
    updatedAt: state.updatedAt,
    holdExpiresAt: deadlineOf(state),
    lines: state.lines,
    totals: state.totals,
    shippingMethod: state.shippingMethod,
    shippingName: state.shipping?.name ?? nameFromCode(state.shippingMethod),
    transit: state.shipping ?? null,
    lastPaymentError: state.payment?.lastError ?? null,
    refundedMinor: state.refundedMinor,
    refundRequested: state.refundRequested,
    refunds: (state.refunds ?? []).map(({ id, amountMinor, status, requestedAt }) => ({
      id,
      amountMinor,
      status,
      at: requestedAt,
    })),
    dispute: state.disputes?.at(-1)?.status ?? null,
    parcels: (state.parcels ?? []).map(
      ({ id, carrier, trackingNumber, lines, shippedAt, deliveredAt, deliveryId }) => ({
        id,
        carrier,
        trackingNumber,
        lines,
        shippedAt,
        deliveredAt,
        deliveryId,
      }),
    ),
    timeline: state.timeline,
    intentId: state.payment?.intentId ?? null,
  };
}

/** `standard` reads `Standard`. */
function nameFromCode(code: string): string {
  return code.charAt(0).toUpperCase() + code.slice(1);
}
