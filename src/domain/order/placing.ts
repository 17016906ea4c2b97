/**
 * Placing an order, as rules: what is asked of every SKU, what the answers together mean, and when an attempt is too old to write
 * its order. The shard carries it out.
 */
import { ASK_AFTER_MS, type Reserve, type ReserveOutcome } from "../inventory/rules.ts";
import { isAtPrices, type Agreement } from "../agreement.ts";
import { chargeFault, type ChargeFault } from "../charge-limits.ts";
import { priceOrder, type OrderTerms } from "../pricing.ts";
import { firstDeadlines, newOrder, type Durations, type OrderState } from "./state.ts";

/** A reserve that has waited so long for its call is not sent: its shopper has waited long enough, and would only take units from others. */
export const RESERVE_WITHIN_MS = 10_000;

export interface PlacingLine {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
}

/** What is to be placed, personal data apart. */
export interface Placing extends Pick<Reserve, "fingerprint" | "buyer" | "cart" | "account" | "network"> {
  readonly orderId: string;
  /** Who places it signed in; null for a guest. */
  readonly accountId: string | null;
  readonly lines: readonly PlacingLine[];
  /** The code of its method. */
  readonly shippingMethod: string;
  /** Shipping and taxes where it goes; null where it cannot be sent as asked, so only an order that is there is answered. */
  readonly terms: OrderTerms | null;
  /** The total the shopper agreed to, minor units, or null where they agreed to none. */
  readonly expectedTotal: number | null;
  /** What each item cost as the shopper was shown it, or null where that is not said. */
  readonly agreed: Agreement | null;
  readonly durations: Durations;
}

/** One try to place it: by this instance, begun at a moment of its clock (epoch ms). */
export interface Attempt {
  readonly number: number;
  readonly startedAt: number;
}

/** A line and what its SKU said: an outcome, or null where it did not answer. */
export interface LineAnswer {
  readonly line: PlacingLine;
  readonly outcome: ReserveOutcome | null;
}

export interface RefusedReservation {
  readonly sku: string;
  readonly requested: number;
  readonly outcome: Exclude<ReserveOutcome, { ok: true }>;
}

export type PlacingVerdict =
  | { readonly kind: "place"; readonly state: OrderState }
  | { readonly kind: "refused"; readonly refusals: readonly RefusedReservation[] }
  | { readonly kind: "price_changed"; readonly currentTotal: number }
  /** The payment provider could not charge the total. */
  | { readonly kind: "not_chargeable"; readonly fault: ChargeFault }
  /** It has no shipping: nothing may be written. */
  | { readonly kind: "not_deliverable" }
  /** A SKU did not answer, or the answers came too late: nothing is known to be wrong, and it may be tried again. */
  | { readonly kind: "again" };

export function reserveOf(placing: Placing, line: PlacingLine, attempt: Attempt): Reserve {
  const { orderId, fingerprint, buyer, cart, account, network, durations } = placing;
  return {
    orderId,
    attempt: attempt.number,
    fingerprint,
    quantity: line.quantity,
    buyer,
    cart,
    ...(account === undefined ? {} : { account }),
    network,
    askAt: attempt.startedAt + ASK_AFTER_MS,
    ...firstDeadlines(durations, attempt.startedAt),
  };
}

/**
 * @param now epoch ms, by the clock that `attempt` began by
 * @param random a number in [0, 1)
 */
export function judge(
  placing: Placing,
  attempt: Attempt,
  answers: readonly LineAnswer[],
  now: number,
  random: number,
): PlacingVerdict {
  const refusals = answers.flatMap(({ line, outcome }): RefusedReservation[] =>
    outcome === null || outcome.ok ? [] : [{ sku: line.sku, requested: line.quantity, outcome }],
  );
  // A refusal says more than silence does.
  if (refusals.length > 0) {
    return refusals.some(({ outcome }) => isOfThisAttemptOnly(outcome.reason))
      ? { kind: "again" }
      : { kind: "refused", refusals };
  }
  const held = answers.flatMap(({ line, outcome }) =>
    outcome?.ok === true ? [{ ...line, unitAmountMinor: outcome.unitAmountMinor }] : [],
  );
  const currency = answers.find(({ outcome }) => outcome?.ok === true)?.outcome;
  if (held.length < answers.length || currency?.ok !== true) return { kind: "again" };
  const { terms } = placing;
  if (terms === null) return { kind: "not_deliverable" };
  const { lines, totals } = priceOrder(held, terms, currency.currency);
  const fault = chargeFault(totals.total, totals.currency);
  if (fault !== null) return { kind: "not_chargeable", fault };
  if (!isAsAgreed(placing, held, totals.total)) return { kind: "price_changed", currentTotal: totals.total };
  const { startedAt } = attempt;
  if (now - startedAt >= placing.durations.holdMs) return { kind: "again" };
  const { orderId, fingerprint, buyer, accountId, shippingMethod } = placing;
  const { name, leastDays, mostDays } = terms.shipping;
  const shipping = { name, leastDays, mostDays };
  const content = { orderId, fingerprint, buyer, accountId, lines, totals, shippingMethod, shipping };
  return { kind: "place", state: newOrder(content, placing.durations, startedAt, now, random) };
}

/** The total, and what each item costs: other prices may have the same sum. */
function isAsAgreed(
  { expectedTotal, agreed }: Placing,
  held: readonly { readonly sku: string; readonly unitAmountMinor: number }[],
  total: number,
): boolean {
  return (expectedTotal ?? total) === total && (agreed === null || isAtPrices(agreed, held));
}

/** Refusals that only say that another attempt of the same order, or of time itself, was faster. */
function isOfThisAttemptOnly(reason: RefusedReservation["outcome"]["reason"]): boolean {
  return reason === "superseded" || reason === "lapsed";
}
