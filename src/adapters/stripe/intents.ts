/** Stripe's PaymentIntent as the order's rules know it, and the two ways to find one. */
import Stripe from "stripe";
import type { Intent, IntentStatus } from "../../domain/order/payment-operation.ts";

/** Metadata keys by which an intent leads back to its order. */
export const ORDER_ID_KEY = "order_id";
export const OPERATION_ID_KEY = "operation_id";

const PAGE_SIZE = 100;
/** Intents looked through at most, newest first: bounds a search that a busy account could make endless. */
const MAX_LISTED = 1_000;
/** Stripe's clock and ours may differ by this much, seconds. */
const CLOCK_SLACK_SECONDS = 300;

const STATUSES: ReadonlySet<string> = new Set<IntentStatus>([
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
  "processing",
  "requires_capture",
  "succeeded",
  "canceled",
]);

/** A status this code does not know yet is one to wait in, like `processing`. */
function toStatus(status: string): IntentStatus {
  return STATUSES.has(status) ? (status as IntentStatus) : "processing";
}

export function toIntent(intent: Stripe.PaymentIntent): Intent {
  const error = intent.last_payment_error;
  return {
    id: intent.id,
    amountMinor: intent.amount,
    currency: intent.currency.toUpperCase(),
    status: toStatus(intent.status),
    capturedMinor: intent.amount_received,
    lastError:
      error == null
        ? null
        : {
            code: error.decline_code ?? error.code ?? error.type,
            message: error.message ?? "The payment failed.",
          },
    orderId: intent.metadata[ORDER_ID_KEY] ?? null,
    operationId: intent.metadata[OPERATION_ID_KEY] ?? null,
  };
}

/** The order whose id is in an intent's metadata; null for an intent of none, or one that Stripe does not know. */
export async function orderOfIntent(stripe: Stripe, intentId: string): Promise<string | null> {
  const intent = await retrieveIntent(stripe, intentId);
  return intent?.metadata[ORDER_ID_KEY] ?? null;
}

/** The intent, or null where Stripe does not know it (another account's keys, test data that was deleted). */
export async function retrieveIntent(
  stripe: Stripe,
  intentId: string,
  expand: string[] = [],
): Promise<Stripe.PaymentIntent | null> {
  try {
    return await stripe.paymentIntents.retrieve(intentId, { expand });
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 404) return null;
    throw error;
  }
}

/** The intent that an operation created, found by listing on its operation id; null when there is none. */
export async function findByOperation(
  stripe: Stripe,
  operationId: string,
  startedAt: number,
): Promise<Stripe.PaymentIntent | null> {
  const created = { gte: Math.floor(startedAt / 1000) - CLOCK_SLACK_SECONDS };
  let looked = 0;
  for await (const intent of stripe.paymentIntents.list({ created, limit: PAGE_SIZE })) {
    if (intent.metadata[OPERATION_ID_KEY] === operationId) return intent;
    looked += 1;
    if (looked >= MAX_LISTED)
      throw new Error(`operation ${operationId} not found in ${looked} intents: undecided`);
  }
  return null;
}

/**
 * The newest intents that are authorised and not captured: the cron's net for lost webhooks.
 *
 * @param limit intents looked through at most
 */
export async function listUncapturedIntents(stripe: Stripe, { limit }: { limit: number }): Promise<Intent[]> {
  const uncaptured: Intent[] = [];
  let looked = 0;
  for await (const intent of stripe.paymentIntents.list({ limit: Math.min(limit, PAGE_SIZE) })) {
    if (intent.status === "requires_capture") uncaptured.push(toIntent(intent));
    looked += 1;
    if (looked >= limit) break;
  }
  return uncaptured;
}
