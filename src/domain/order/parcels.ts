/**
 * Parcels of a paid order: what has left, and what has arrived. A unit leaves once, and not after it was refunded. A refund does not say
 * which unit of a line it is for, so it counts for one that has not left as long as there is one.
 */
import { carrierName } from "../carriers.ts";
import type { RecordedParcel } from "./record.ts";
import { goneBack } from "./refunded-units.ts";
import type { OrderState } from "./state.ts";
import { changed, move, withNotice } from "./transitions.ts";

export interface Parcel extends RecordedParcel {
  /** What was asked for, by which a repeated id is told from a reused one. */
  readonly request: string;
}

interface Units {
  readonly sku: string;
  readonly quantity: number;
}

export interface Shipment {
  readonly id: string;
  readonly carrier: string;
  readonly trackingNumber: string;
  /** What is in it; all that has not left where nothing is named. */
  readonly lines?: readonly Units[] | undefined;
}

export interface Delivery {
  readonly id: string;
  /** The parcel that arrived; all that are on their way where none is named. */
  readonly shipmentId?: string | undefined;
}

/** Parcels one order keeps: more would mean a program gone wrong. */
export const MAX_PARCELS = 50;

export type ParcelRefusal =
  | "not_paid"
  | "order_closed"
  | "exceeds_unshipped"
  | "not_shipped"
  | "too_many_parcels"
  | "id_reused"
  | "unknown_sku";

export type ParcelOutcome =
  | { readonly ok: true; readonly parcels: readonly Parcel[]; readonly status: OrderState["status"] }
  | { readonly ok: false; readonly reason: ParcelRefusal };

interface Taken {
  readonly state: OrderState;
  readonly outcome: ParcelOutcome;
}

export const parcelsOf = (state: OrderState): readonly Parcel[] => state.parcels ?? [];

/** Units of a line that are still to leave. */
export function unshipped(state: OrderState, { sku, quantity }: Units): number {
  return Math.max(0, quantity - unitsIn(parcelsOf(state), sku) - goneBack(state, sku).quantity);
}

/** A parcel has left. The order is `shipped` with the first; a repeated id is answered with its parcel as it stands. */
export function ship(state: OrderState, shipment: Shipment, now: number): Taken {
  const refuse = (reason: ParcelRefusal): Taken => ({ state, outcome: { ok: false, reason } });
  const request = contentOf(shipment);
  const known = parcelsOf(state).find(({ id }) => id === shipment.id);
  if (known !== undefined) return known.request === request ? answered(state, [known]) : refuse("id_reused");
  if (state.status === "reserved" || state.status === "authorised") return refuse("not_paid");
  if (state.status !== "paid" && state.status !== "shipped" && state.status !== "delivered")
    return refuse("order_closed");
  const left = state.lines.map(({ sku, quantity }) => ({
    sku,
    quantity: unshipped(state, { sku, quantity }),
  }));
  const lines = shipment.lines ?? left.filter(({ quantity }) => quantity > 0);
  if (lines.some(({ sku }) => left.every((line) => line.sku !== sku))) return refuse("unknown_sku");
  const exceeds = lines.some(({ sku, quantity }) =>
    left.some((line) => line.sku === sku && quantity > line.quantity),
  );
  if (exceeds || lines.length === 0) return refuse("exceeds_unshipped");
  if (parcelsOf(state).length >= MAX_PARCELS) return refuse("too_many_parcels");
  const parcel: Parcel = {
    id: shipment.id,
    carrier: carrierName(shipment.carrier),
    trackingNumber: shipment.trackingNumber,
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    request,
    shippedAt: now,
    deliveredAt: null,
    deliveryId: null,
  };
  const packed: OrderState = { ...state, parcels: [...parcelsOf(state), parcel] };
  const next = state.status === "paid" ? move(packed, "shipped", now) : changed(packed, now);
  return answered(withNotice(next, "order_shipped", parcel.id, now), [parcel]);
}

/** Parcels have arrived. The order is `delivered` when every unit is that was not refunded. */
export function deliver(state: OrderState, { id, shipmentId }: Delivery, now: number): Taken {
  const refuse = (reason: ParcelRefusal): Taken => ({ state, outcome: { ok: false, reason } });
  const before = parcelsOf(state).filter(({ deliveryId }) => deliveryId === id);
  if (before.length > 0) {
    const isSame = shipmentId === undefined || before.every((parcel) => parcel.id === shipmentId);
    return isSame ? answered(state, before) : refuse("id_reused");
  }
  const named = parcelsOf(state).filter((parcel) => shipmentId === undefined || parcel.id === shipmentId);
  const arriving = named.filter(({ deliveredAt }) => deliveredAt === null);
  if (arriving.length === 0)
    return shipmentId !== undefined && named.length > 0 ? answered(state, named) : refuse("not_shipped");
  const parcels = parcelsOf(state).map((parcel) =>
    arriving.includes(parcel) ? { ...parcel, deliveredAt: now, deliveryId: id } : parcel,
  );
  const arrived = deliveredWhole(changed({ ...state, parcels }, now), now);
  const delivered = parcels.filter(({ deliveryId }) => deliveryId === id);
  return answered(withNotice(arrived, "order_delivered", id, now), delivered);
}

/** The order `delivered`, where it has left and nothing of it is still to arrive. */
export function deliveredWhole(state: OrderState, now: number): OrderState {
  if (state.status !== "shipped") return state;
  const arrived = parcelsOf(state).filter(({ deliveredAt }) => deliveredAt !== null);
  const isWhole = state.lines.every(
    ({ sku, quantity }) => unitsIn(arrived, sku) + goneBack(state, sku).quantity >= quantity,
  );
  return isWhole ? move(state, "delivered", now) : state;
}

const answered = (state: OrderState, parcels: readonly Parcel[]): Taken => ({
  state,
  outcome: { ok: true, parcels, status: state.status },
});

function unitsIn(parcels: readonly Parcel[], sku: string): number {
  const lines = parcels.flatMap((parcel) => parcel.lines);
  return lines.reduce((sum, line) => (line.sku === sku ? sum + line.quantity : sum), 0);
}

/** The request in one form, whatever the order of its lines. */
function contentOf({ carrier, trackingNumber, lines }: Shipment): string {
  const sorted = lines?.toSorted((one, other) => (one.sku < other.sku ? -1 : 1));
  const units = sorted?.map(({ sku, quantity }) => [sku, quantity]);
  return JSON.stringify([carrierName(carrier), trackingNumber, units ?? null]);
}
