/** Stripe's money as reconciliation compares it: every intent with what was captured, refunded and disputed, page by page. */
import type Stripe from "stripe";
import type { Intent } from "../../domain/order/payment-operation.ts";
import type { MoneyFacts } from "../../domain/reconciliation/facts.ts";
import { ORDER_ID_KEY, retrieveIntent, toIntent } from "./intents.ts";

const PAGE_SIZE = 100;

export interface StripePage<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; null where this is the last. */
  readonly next: string | null;
}

export interface StripePageQuery {
  /** `next` of the page before. */
  readonly after: string | null;
  /** Epoch ms; null for all. */
  readonly createdSince: number | null;
}

const parametersOf = ({ after, createdSince }: StripePageQuery) => ({
  limit: PAGE_SIZE,
  ...(after === null ? {} : { starting_after: after }),
  ...(createdSince === null ? {} : { created: { gte: Math.floor(createdSince / 1000) } }),
});

function pageOf<Listed extends { id: string }, Item>(
  { data, has_more: hasMore }: Stripe.ApiList<Listed>,
  itemsOf: (listed: Listed) => readonly Item[],
): StripePage<Item> {
  return { items: data.flatMap(itemsOf), next: hasMore ? (data.at(-1)?.id ?? null) : null };
}

/** Intents that name an order, the newest first. */
export async function listMoney(stripe: Stripe, query: StripePageQuery): Promise<StripePage<MoneyFacts>> {
  const listed = await stripe.paymentIntents.list({
    ...parametersOf(query),
    expand: ["data.latest_charge"],
  });
  return pageOf(listed, (intent) => moneyOf(intent));
}

/** The intents of refunds, the newest refund first. */
export async function listRefundedIntents(
  stripe: Stripe,
  query: StripePageQuery,
): Promise<StripePage<string>> {
  return pageOf(await stripe.refunds.list(parametersOf(query)), intentIdOf);
}

/** The intents of disputes, the newest dispute first. */
export async function listDisputedIntents(
  stripe: Stripe,
  query: StripePageQuery,
): Promise<StripePage<string>> {
  return pageOf(await stripe.disputes.list(parametersOf(query)), intentIdOf);
}

/** An intent as it stands; null where Stripe does not know it, or it names no order. */
export async function readMoney(
  stripe: Stripe,
  intentId: string,
): Promise<{ readonly money: MoneyFacts; readonly intent: Intent } | null> {
  const intent = await retrieveIntent(stripe, intentId, ["latest_charge"]);
  const [money] = intent === null ? [] : moneyOf(intent);
  return intent === null || money === undefined ? null : { money, intent: toIntent(intent) };
}

function moneyOf(intent: Stripe.PaymentIntent): readonly MoneyFacts[] {
  const orderId = intent.metadata[ORDER_ID_KEY];
  if (orderId === undefined) return [];
  const { id: intentId, status, capturedMinor } = toIntent(intent);
  const charge = typeof intent.latest_charge === "object" ? intent.latest_charge : null;
  // Of a charge that was never captured Stripe shows what it released as refunded.
  const refundedMinor = capturedMinor > 0 ? (charge?.amount_refunded ?? 0) : 0;
  const isDisputed = charge?.disputed ?? false;
  return [{ intentId, orderId, status, capturedMinor, refundedMinor, isDisputed }];
}

function intentIdOf({
  payment_intent: intent,
}: {
  readonly payment_intent: string | Stripe.PaymentIntent | null;
}): readonly string[] {
  if (intent === null) return [];
  return [typeof intent === "string" ? intent : intent.id];
}
