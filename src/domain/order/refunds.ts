/**
 * Refunds of a paid order. A refund is written here before Stripe is asked, and counts against what was captured from then on, until
 * Stripe says that it failed. What Stripe shows is the last word, also on refunds that were made at its dashboard.
 */
import { isDisputed } from "./disputes.ts";
import { oweAnother } from "./obligations.ts";
import { INTENT_GONE, operationId as operationIdOf } from "./payment-operation.ts";
import type { PaymentFailure } from "./record.ts";
import { resolved } from "./refused-operations.ts";
import { deliveredWhole } from "./parcels.ts";
import { paidParts, unitsRefund } from "./refund-amounts.ts";
import { countedRefunds, goneBack } from "./refunded-units.ts";
import type { OrderState } from "./state.ts";
import { changed, move, withNotice } from "./transitions.ts";

/** `automatic`: of a payment for an order that had ended. `elsewhere`: at Stripe's dashboard. */
export const REFUND_CAUSES = ["ops", "buyer", "automatic", "elsewhere"] as const;
export const REFUND_STATUSES = ["pending", "succeeded", "failed"] as const;
/** `refused`: the SKU does not know the units as sold to the order. */
export const RESTOCK_STATUSES = ["none", "due", "done", "refused"] as const;

/** Units of a line, and what goes back for them in minor units. */
export interface RefundLine {
  readonly sku: string;
  readonly quantity: number;
  readonly amountMinor: number;
}

export interface Refund {
  /** The id of the command; for one that was made elsewhere Stripe's id. */
  readonly id: string;
  readonly cause: (typeof REFUND_CAUSES)[number];
  readonly amountMinor: number;
  readonly status: (typeof REFUND_STATUSES)[number];
  readonly lines: readonly RefundLine[];
  readonly shippingMinor: number;
  /** Units that go back on sale with it; null where none do. */
  readonly returned: {
    readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
    readonly status: Exclude<(typeof RESTOCK_STATUSES)[number], "none">;
  } | null;
  /** What was asked for, by which a repeated id is told from a reused one; null where nobody asked here. */
  readonly request: string | null;
  /** The number its obligation was born with; null where Stripe was never to be asked. */
  readonly n: number | null;
  readonly stripeId: string | null;
  readonly failure: string | null;
  /** Epoch ms. */
  readonly requestedAt: number;
  readonly updatedAt: number;
}

/** Refunds one order keeps: more would mean a program gone wrong. */
export const MAX_REFUNDS = 100;

export interface RefundRequest {
  readonly id: string;
  readonly cause: "ops" | "buyer";
  /** Goodwill, minor units: no units and no shipping are counted as gone back. */
  readonly amountMinor?: number | undefined;
  readonly lines?: readonly { readonly sku: string; readonly quantity: number }[] | undefined;
  readonly shipping?: boolean | undefined;
  /** Whether the units go back on sale. */
  readonly restock: boolean;
}

export type RefundRefusal =
  "exceeds_captured" | "disputed" | "id_reused" | "unknown_sku" | "payment_in_progress" | "too_many_refunds";

export type RefundOutcome =
  | { readonly ok: true; readonly refund: Refund }
  | { readonly ok: false; readonly reason: Exclude<RefundRefusal, "exceeds_captured"> }
  /** What is left to refund, minor units. */
  | { readonly ok: false; readonly reason: "exceeds_captured"; readonly leftMinor: number };

export const refundsOf = (state: OrderState): readonly Refund[] => state.refunds ?? [];

/** What was captured and neither went back nor is about to, minor units. */
export function refundableMinor(state: OrderState): number {
  let pending = 0;
  let succeeded = 0;
  for (const { status, amountMinor } of refundsOf(state)) {
    if (status === "pending") pending += amountMinor;
    if (status === "succeeded") succeeded += amountMinor;
  }
  return Math.max(0, state.capturedMinor - pending - Math.max(succeeded, state.refundedMinor));
}

/** Takes a request for a refund: pending from here on, and owed at Stripe. A repeated id is answered with its refund as it stands. */
export function requestRefund(
  state: OrderState,
  request: RefundRequest,
  now: number,
): { readonly state: OrderState; readonly outcome: RefundOutcome } {
  const refuse = (reason: Exclude<RefundRefusal, "exceeds_captured">) =>
    ({ state, outcome: { ok: false, reason } }) as const;
  const content = contentOf(request);
  const known = refundsOf(state).find(({ id }) => id === request.id);
  if (known !== undefined)
    return known.request === content ? { state, outcome: { ok: true, refund: known } } : refuse("id_reused");
  if (state.status === "authorised") return refuse("payment_in_progress");
  if (isDisputed(state)) return refuse("disputed");
  const leftMinor = refundableMinor(state);
  const exceeds = { state, outcome: { ok: false, reason: "exceeds_captured", leftMinor } } as const;
  const parts = partsOf(state, request, leftMinor);
  if (parts === "unknown_sku") return refuse(parts);
  if (leftMinor === 0 || parts === null || parts.amountMinor > leftMinor) return exceeds;
  if (refundsOf(state).length >= MAX_REFUNDS) return refuse("too_many_refunds");
  const intentId = state.payment?.intentId ?? null;
  // A gift's units have nothing to give back, and nothing is asked of Stripe.
  const isMoney = parts.amountMinor > 0;
  const refund: Refund = {
    id: request.id,
    cause: request.cause,
    ...parts,
    status: isMoney ? "pending" : "succeeded",
    request: content,
    n: isMoney ? state.operationCount + 1 : null,
    stripeId: null,
    failure: null,
    requestedAt: now,
    updatedAt: now,
  };
  const owed = isMoney ? oweAnother(state, "refund", intentId, parts.amountMinor, now) : state;
  return {
    state: withRefunds(owed, [...refundsOf(state), refund], now),
    outcome: { ok: true, refund },
  };
}

type Parts = Pick<Refund, "amountMinor" | "lines" | "shippingMinor" | "returned">;

/** What a request amounts to; null where it wants more units or shipping than are left. */
function partsOf(state: OrderState, request: RefundRequest, leftMinor: number): Parts | "unknown_sku" | null {
  if (request.amountMinor !== undefined)
    return { amountMinor: request.amountMinor, lines: [], shippingMinor: 0, returned: null };
  const isRest = request.lines === undefined && request.shipping !== true;
  const paid = paidParts(state);
  const lines: RefundLine[] = [];
  const wanted = isRest ? state.lines.map(({ sku }) => ({ sku, quantity: Infinity })) : (request.lines ?? []);
  for (const { sku, quantity } of wanted) {
    const index = state.lines.findIndex((line) => line.sku === sku);
    const line = state.lines[index];
    if (line === undefined) return "unknown_sku";
    const before = goneBack(state, sku);
    const left = line.quantity - before.quantity;
    const units = isRest ? left : quantity;
    if (units > left) return null;
    if (units === 0) continue;
    const amountMinor = unitsRefund(paid.lines[index] ?? 0, line.quantity, before, units);
    lines.push({ sku, quantity: units, amountMinor });
  }
  const shippingLeft =
    paid.shipping - countedRefunds(state).reduce((sum, { shippingMinor }) => sum + shippingMinor, 0);
  if (request.shipping === true && shippingLeft <= 0) return null;
  const shippingMinor = isRest || request.shipping === true ? shippingLeft : 0;
  const sum = lines.reduce((total, { amountMinor }) => total + amountMinor, shippingMinor);
  return {
    // Of the rest, goodwill that was given before is part already.
    amountMinor: isRest ? leftMinor : sum,
    lines,
    shippingMinor,
    returned: request.restock ? unitsBack(state, lines) : null,
  };
}

/** The units of these lines that are not back on sale yet. */
function unitsBack(state: OrderState, lines: readonly RefundLine[]): Refund["returned"] {
  const back = lines.flatMap(({ sku, quantity }) => {
    const sold = state.lines.find((line) => line.sku === sku)?.quantity ?? 0;
    const units = Math.min(quantity, sold - returnedUnits(state, sku));
    return units > 0 ? [{ sku, quantity: units }] : [];
  });
  return back.length === 0 ? null : { lines: back, status: "due" };
}

/** Units of a SKU that are back on sale, or about to be. */
function returnedUnits(state: OrderState, sku: string): number {
  const lines = refundsOf(state).flatMap(({ returned }) => returned?.lines ?? []);
  return lines.reduce((sum, line) => (line.sku === sku ? sum + line.quantity : sum), 0);
}

/** The request in one form, whatever the order of its lines. */
function contentOf({ amountMinor, lines, shipping, restock }: RefundRequest): string {
  const sorted = lines?.toSorted((one, other) => (one.sku < other.sku ? -1 : 1));
  const units = sorted?.map(({ sku, quantity }) => [sku, quantity]);
  return JSON.stringify([amountMinor ?? null, units ?? null, shipping === true, restock]);
}

// ------------------------------------------------------------------------------------------------ as Stripe shows it

/** A refund as Stripe shows it. */
export interface ShownRefund {
  readonly stripeId: string;
  readonly amountMinor: number;
  readonly status: Refund["status"];
  /** Of the operation that made it; null for one that was made elsewhere. */
  readonly operationId: string | null;
  readonly failure: string | null;
  /** Epoch ms. */
  readonly createdAt: number;
}

/** All refunds of the order's intent, as Stripe lists them: what we know of each becomes what Stripe says. */
export function observeRefunds(state: OrderState, shown: readonly ShownRefund[], now: number): OrderState {
  let refunds = refundsOf(state);
  let { obligations } = state;
  for (const each of shown) {
    const known = refunds.find((refund) => isShownBy(state, refund, each));
    if (known === undefined) {
      const owed = obligations.find(
        ({ kind, firstN, n }) => kind === "refund" && isMadeBy(state, firstN ?? n, each),
      );
      obligations = obligations.filter((other) => other !== owed);
      refunds = [...refunds, foundAtStripe(each, owed === undefined ? "elsewhere" : "automatic", now)];
    } else {
      obligations = obligations.filter(
        ({ kind, firstN, n }) => kind !== "refund" || (firstN ?? n) !== known.n,
      );
      refunds = refunds.map((refund) => (refund === known ? asShown(refund, each, now) : refund));
    }
  }
  const isOwedLess = obligations.length < state.obligations.length;
  return withRefunds(isOwedLess ? { ...state, obligations } : state, refunds, now);
}

function isShownBy(state: OrderState, refund: Refund, shown: ShownRefund): boolean {
  return refund.stripeId === shown.stripeId || (refund.n !== null && isMadeBy(state, refund.n, shown));
}

function isMadeBy({ orderId }: OrderState, n: number, { operationId }: ShownRefund): boolean {
  return operationId === operationIdOf({ orderId, kind: "refund", n });
}

function foundAtStripe(shown: ShownRefund, cause: "automatic" | "elsewhere", now: number): Refund {
  const { stripeId, amountMinor, status, failure, createdAt } = shown;
  return {
    id: stripeId,
    cause,
    amountMinor,
    status,
    lines: [],
    shippingMinor: 0,
    returned: null,
    request: null,
    n: null,
    stripeId,
    failure,
    requestedAt: createdAt,
    updatedAt: now,
  };
}

function asShown(refund: Refund, { stripeId, status, failure }: ShownRefund, now: number): Refund {
  if (refund.stripeId === stripeId && refund.status === status && refund.failure === failure) return refund;
  return { ...refund, stripeId, status, failure, updatedAt: now };
}

/** Stripe made the refund of operation `n`. */
export function refundMade(state: OrderState, n: number, shown: ShownRefund, now: number): OrderState {
  const owed = state.obligations.find((each) => each.kind === "refund" && each.n === n);
  if (owed === undefined || owed.intentId === state.payment?.intentId)
    return observeRefunds(state, [shown], now);
  // Of a stray intent: not the order's own money.
  return { ...state, obligations: state.obligations.filter((each) => each !== owed) };
}

/** Everything had gone back already, by a refund that we do not know of yet. */
export const ALREADY_REFUNDED = "charge_already_refunded";

/**
 * Stripe refused a refund for good. Its sum is free again; a repetition would hear the same.
 *
 * @returns null where nobody asked for it and it is not over: money of a payment that should not have been taken stays owed
 */
export function refundRefused(
  state: OrderState,
  n: number,
  failure: PaymentFailure,
  now: number,
): OrderState | null {
  const owed = state.obligations.find((each) => each.kind === "refund" && each.n === n);
  if (owed === undefined) return state;
  const isStray = owed.intentId !== state.payment?.intentId;
  const isAutomatic = refundsOf(state).every((refund) => refund.n !== (owed.firstN ?? owed.n));
  const isOver = failure.code === ALREADY_REFUNDED || failure.code === INTENT_GONE.code;
  if (isAutomatic && !isOver) return null;
  const rest = { ...state, obligations: state.obligations.filter((each) => each !== owed) };
  const refunds = refundsOf(rest).map((refund): Refund => {
    if (refund.n !== (owed.firstN ?? owed.n)) return refund;
    return { ...refund, status: "failed", failure: failure.code, updatedAt: now };
  });
  const next = withRefunds(rest, refunds, now);
  return isStray ? next : { ...next, review: { attempts: 0, nextAt: now } };
}

/** The order with these refunds: its sum, its status and its version follow from them. */
function withRefunds(state: OrderState, refunds: readonly Refund[], now: number): OrderState {
  const before = refundsOf(state);
  const isUnchanged =
    refunds.length === before.length && refunds.every((refund, index) => refund === before[index]);
  if (isUnchanged) return state;
  const refundedMinor = refunds.reduce(
    (sum, { status, amountMinor }) => (status === "succeeded" ? sum + amountMinor : sum),
    0,
  );
  let next: OrderState = { ...state, refunds, refundedMinor };
  const intentId = state.payment?.intentId;
  if (intentId != null && refundableMinor(next) === 0) next = resolved(next, "refund", intentId, now);
  const isWhole = state.capturedMinor > 0 && refundedMinor >= state.capturedMinor;
  const isPaid = state.status === "paid" || state.status === "shipped" || state.status === "delivered";
  if (isWhole && isPaid) next = { ...move(next, "refunded", now), refundRequested: false };
  else if (!isWhole && state.status === "refunded") next = move(next, "refund_failed", now);
  else next = changed(next, now);
  // Of what was to come, all may have been refunded.
  next = deliveredWhole(next, now);
  const told = refunds.filter(
    ({ id, status, amountMinor }) =>
      status === "succeeded" &&
      amountMinor > 0 &&
      before.find((refund) => refund.id === id)?.status !== "succeeded",
  );
  return told.reduce((all, { id }) => withNotice(all, "order_refunded", id, now), next);
}

// ------------------------------------------------------------------------------------------------------------- units

/** Units that are to go back on sale, each under an id by which a SKU does so once. */
export interface DueReturn {
  readonly refundId: string;
  readonly sku: string;
  readonly quantity: number;
}

export function returnsDue(state: OrderState): DueReturn[] {
  return refundsOf(state).flatMap(({ id, returned }) =>
    returned?.status === "due"
      ? returned.lines.map(({ sku, quantity }) => ({ refundId: id, sku, quantity }))
      : [],
  );
}

/** @param refused ids of refunds whose units a SKU does not know as this order's */
export function unitsReturned(
  state: OrderState,
  returned: ReadonlySet<string | undefined>,
  refused: ReadonlySet<string | undefined>,
  now: number,
): OrderState {
  const refunds = refundsOf(state).map((refund): Refund => {
    if (refund.returned?.status !== "due" || !returned.has(refund.id)) return refund;
    const status = refused.has(refund.id) ? "refused" : "done";
    return { ...refund, returned: { ...refund.returned, status }, updatedAt: now };
  });
  return changed({ ...state, refunds }, now);
}
