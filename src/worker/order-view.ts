/** How an order object's record reads over HTTP: the one place that maps it. */
import type { OrderView, ParcelView, PlacedOrder } from "../contracts/orders.ts";
import { trackingUrl } from "../domain/carriers.ts";
import type { OrderRecord, RecordedParcel } from "../domain/order/record.ts";
import type { OrderStatus } from "../domain/order/status.ts";
import { taxesOfLine } from "../domain/pricing.ts";

/** In these a refused card is old news, as another one was authorised since; Stripe forgets it then as well. */
const AUTHORISED_SINCE: readonly OrderStatus[] = ["authorised", "paid", "shipped", "delivered", "refunded"];

const NEXT: Partial<Record<OrderStatus, NonNullable<OrderView["next"]>>> = {
  reserved: "payment",
  authorised: "confirmation",
  paid: "shipment",
  shipped: "delivery",
};

function core(record: OrderRecord, now: number) {
  const next = NEXT[record.status];
  return {
    orderId: record.orderId,
    status: record.status,
    version: record.version,
    holdExpiresAt: timestamp(record.holdExpiresAt),
    serverTime: timestamp(now),
    lines: record.lines.map(({ sku, name, quantity, unitAmountMinor, taxAmounts }) => ({
      sku,
      name,
      quantity,
      unitPrice: { amount: unitAmountMinor, currency: record.totals.currency },
      taxes: taxesOfLine(record.totals, { taxAmounts }),
    })),
    ...(next === undefined ? {} : { next }),
    ...(record.estimatedWaitMs == null
      ? {}
      : { estimatedWaitSeconds: Math.ceil(record.estimatedWaitMs / 1000) }),
    totals: { ...record.totals, taxes: [...(record.totals.taxes ?? [])] },
  };
}

/**
 * The answer to a placement.
 *
 * @param now epoch ms, told as `serverTime` so that a page can count down by our clock
 * @param token the guest's right to the order
 */
export function placedOrder(record: OrderRecord, token: string, now: number): PlacedOrder {
  return { ...core(record, now), token };
}

/** An order as its buyer sees it. @param now epoch ms */
export function orderView(record: OrderRecord, now: number): OrderView {
  return {
    ...core(record, now),
    shippingMethod: record.shippingMethod,
    shippingName: record.shippingName,
    ...(record.transit === null
      ? {}
      : { transit: { leastDays: record.transit.leastDays, mostDays: record.transit.mostDays } }),
    ...(record.lastPaymentError === null || AUTHORISED_SINCE.includes(record.status)
      ? {}
      : { lastPaymentError: { ...record.lastPaymentError } }),
    ...(record.refundedMinor === 0 ? {} : { refunded: record.refundedMinor }),
    ...(record.refundRequested ? { refundRequested: true } : {}),
    ...(record.dispute === null ? {} : { dispute: record.dispute }),
    ...parcelViews(record),
    timeline: record.timeline.map(({ status, at }) => ({ status, at: timestamp(at) })),
  };
}

function parcelViews({ parcels }: OrderRecord): Pick<OrderView, "tracking" | "parcels"> {
  const views = parcels.map(parcelView);
  const last = views.at(-1);
  if (last === undefined) return {};
  const { carrier, trackingNumber, url } = last;
  return { tracking: { carrier, trackingNumber, ...(url === undefined ? {} : { url }) }, parcels: views };
}

/** A parcel as its buyer and staff see it. */
export function parcelView(parcel: RecordedParcel): ParcelView {
  const { carrier, trackingNumber, lines, shippedAt, deliveredAt } = parcel;
  const url = trackingUrl(carrier, trackingNumber);
  return {
    carrier,
    trackingNumber,
    ...(url === null ? {} : { url }),
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    shippedAt: timestamp(shippedAt),
    ...(deliveredAt === null ? {} : { deliveredAt: timestamp(deliveredAt) }),
  };
}

/** Epoch milliseconds as RFC 3339 in UTC. */
export function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
