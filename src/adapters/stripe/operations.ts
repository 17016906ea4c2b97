/**
 * Does at Stripe what an order wants done, and answers how it came out. An outcome that is unknown is settled by looking
 * at Stripe; one that cannot be settled now is a fault, and the operation is done again under the same key.
 */
import Stripe from "stripe";
import {
  creationId,
  INTENT_GONE,
  operationId,
  type CancelIntent,
  type CaptureIntent,
  type CreateIntent,
  type IdentifyPayer,
  type InspectIntent,
  type PaymentOperation,
  type PaymentOperationResult,
  type RefundIntent,
  type ReviewPayment,
} from "../../domain/order/payment-operation.ts";
import type { PaymentFailure } from "../../domain/order/record.ts";
import { listDisputes, newestFraudWarning } from "./disputes.ts";
import { listRefunds, toRefund } from "./refunds.ts";
import { findByOperation, OPERATION_ID_KEY, ORDER_ID_KEY, retrieveIntent, toIntent } from "./intents.ts";

/** Stripe's limits were met: nothing happened, and it may be tried again after the given time. */
export class StripeBusyError extends Error {
  override readonly name = "StripeBusyError";
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(`Stripe is busy; again in ${retryAfterSeconds} s`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** How long a shopper waits for Stripe before hearing that it takes a moment, ms. */
const CREATE_TIMEOUT_MS = 5_000;

/** What a 429 without a Retry-After header means, seconds. */
const DEFAULT_RETRY_AFTER_SECONDS = 5;
const MAX_RETRY_AFTER_SECONDS = 60;

/** The key under which SKU objects count a card, from Stripe's fingerprint of it. */
export type PayerKeyOf = (cardFingerprint: string) => string;

/**
 * @throws StripeBusyError when Stripe limits us
 * @throws Error when the outcome is unknown (no connection, no answer in time): do it again under the same key
 */
export async function performPaymentOperation(
  stripe: Stripe,
  operation: PaymentOperation,
  payerKeyOf: PayerKeyOf,
): Promise<PaymentOperationResult> {
  try {
    switch (operation.kind) {
      case "create":
        return await create(stripe, operation);
      case "inspect":
        return await inspect(stripe, operation);
      case "identify":
        return await identify(stripe, operation, payerKeyOf);
      case "capture":
      case "cancel":
        return await captureOrCancel(stripe, operation);
      case "refund":
        return await refund(stripe, operation);
      case "review":
        return await review(stripe, operation);
    }
  } catch (error) {
    if (error instanceof Stripe.errors.StripeRateLimitError)
      throw new StripeBusyError(retryAfterSeconds(error));
    throw error;
  }
}

async function create(stripe: Stripe, operation: CreateIntent): Promise<PaymentOperationResult> {
  const { orderId, n, amountMinor, currency, startedAt } = operation;
  const key = operationId(operation);
  try {
    const intent = await stripe.paymentIntents.create(
      {
        amount: amountMinor,
        currency: currency.toLowerCase(),
        capture_method: "manual",
        // Cards, and the wallets that ride on them: other methods do not all support manual capture.
        allowed_payment_method_types: ["card"],
        metadata: { [ORDER_ID_KEY]: orderId, [OPERATION_ID_KEY]: key },
      },
      // A shopper waits for this one: no repeat of the SDK's, the shopper's own comes under the same key.
      { idempotencyKey: key, timeout: CREATE_TIMEOUT_MS, maxNetworkRetries: 0 },
    );
    return shown("create", n, intent);
  } catch (error) {
    if (isRefusal(error))
      return { kind: "create", n, outcome: "none", intentId: null, failure: failureOf(error) };
    if (!(error instanceof Stripe.errors.StripeAPIError)) throw error;
    // Stripe's own failure is stored under the key and would be repeated for ever, though the intent may exist.
    const intent = await findByOperation(stripe, key, startedAt);
    return intent === null
      ? { kind: "create", n, outcome: "none", intentId: null, failure: null }
      : shown("create", n, intent);
  }
}

async function inspect(stripe: Stripe, operation: InspectIntent): Promise<PaymentOperationResult> {
  const { orderId, n, intentId, startedAt } = operation;
  const intent =
    intentId === null
      ? await findByOperation(stripe, creationId(orderId, n), startedAt)
      : await retrieveIntent(stripe, intentId);
  return intent === null
    ? { kind: "inspect", n, outcome: "none", intentId, failure: null }
    : shown("inspect", n, intent);
}

/** By the charge: it says which card the bank authorised. An event bears no more of it than its id. */
async function identify(
  stripe: Stripe,
  { n, intentId }: IdentifyPayer,
  payerKeyOf: PayerKeyOf,
): Promise<PaymentOperationResult> {
  const intent = await retrieveIntent(stripe, intentId, ["latest_charge"]);
  const charge = intent?.latest_charge;
  const details = typeof charge === "object" ? charge?.payment_method_details : null;
  const fingerprint = details?.card?.fingerprint ?? null;
  const payer = fingerprint === null ? null : payerKeyOf(fingerprint);
  return { kind: "identify", n, outcome: "identified", intentId, payer };
}

async function captureOrCancel(
  stripe: Stripe,
  operation: CaptureIntent | CancelIntent,
): Promise<PaymentOperationResult> {
  const { kind, n, intentId } = operation;
  const idempotencyKey = operationId(operation);
  try {
    const intent =
      kind === "capture"
        ? await stripe.paymentIntents.capture(
            intentId,
            { amount_to_capture: operation.amountMinor },
            { idempotencyKey },
          )
        : await stripe.paymentIntents.cancel(intentId, {}, { idempotencyKey });
    return shown(kind, n, intent);
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof Stripe.errors.StripeAPIError)) throw error;
    const intent = await retrieveIntent(stripe, intentId);
    if (intent === null) return { kind, n, outcome: "refused", failure: INTENT_GONE, intent: null };
    const doneAfterAll = intent.status === (kind === "capture" ? "succeeded" : "canceled");
    if (doneAfterAll) return shown(kind, n, intent);
    return { kind, n, outcome: "refused", failure: failureOf(error), intent: toIntent(intent) };
  }
}

/**
 * A refund of an earlier attempt is looked for before another is made: the answer to that attempt was lost or was Stripe's own failure,
 * and both may hide a refund. What Stripe's failure leaves unclear now is settled likewise.
 */
async function refund(stripe: Stripe, operation: RefundIntent): Promise<PaymentOperationResult> {
  const { orderId, n, firstN, intentId, amountMinor } = operation;
  const madeBy = operationId({ ...operation, n: firstN });
  const made = async (): Promise<PaymentOperationResult | null> => {
    const found = (await listRefunds(stripe, intentId)).find((each) => each.operationId === madeBy);
    return found === undefined ? null : { kind: "refund", n, outcome: "refunded", refund: found };
  };
  if (n !== firstN) {
    const earlier = await made();
    if (earlier !== null) return earlier;
  }
  try {
    const created = await stripe.refunds.create(
      {
        payment_intent: intentId,
        amount: amountMinor,
        metadata: { [ORDER_ID_KEY]: orderId, [OPERATION_ID_KEY]: madeBy },
      },
      { idempotencyKey: operationId(operation) },
    );
    return { kind: "refund", n, outcome: "refunded", refund: toRefund(created) };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeAPIError)
      return (await made()) ?? { kind: "refund", n, outcome: "undone" };
    if (!isRefusal(error)) throw error;
    const failure = error.statusCode === 404 ? INTENT_GONE : failureOf(error);
    return { kind: "refund", n, outcome: "refused", failure, intent: null };
  }
}

async function review(stripe: Stripe, { n, intentId }: ReviewPayment): Promise<PaymentOperationResult> {
  if ((await retrieveIntent(stripe, intentId)) === null)
    return { kind: "review", n, outcome: "reviewed", shown: null };
  const refunds = await listRefunds(stripe, intentId);
  const disputes = await listDisputes(stripe, intentId);
  const fraudWarning = await newestFraudWarning(stripe, intentId);
  return { kind: "review", n, outcome: "reviewed", shown: { refunds, disputes, fraudWarning } };
}

function shown(
  kind: PaymentOperation["kind"],
  n: number,
  intent: Stripe.PaymentIntent,
): PaymentOperationResult {
  return { kind, n, outcome: "intent", intent: toIntent(intent), clientSecret: intent.client_secret };
}

/** Stripe understood and said no. (A key in use, HTTP 409, is not a no: the first request is still running.) */
function isRefusal(error: unknown): error is Stripe.errors.StripeError {
  return (
    (error instanceof Stripe.errors.StripeInvalidRequestError ||
      error instanceof Stripe.errors.StripeCardError) &&
    error.statusCode !== 409
  );
}

function failureOf(error: Stripe.errors.StripeError): PaymentFailure {
  return { code: error.decline_code ?? error.code ?? error.type, message: error.message };
}

function retryAfterSeconds(error: Stripe.errors.StripeError): number {
  const header = Number(error.headers?.["retry-after"]);
  if (!Number.isFinite(header) || header <= 0) return DEFAULT_RETRY_AFTER_SECONDS;
  return Math.min(Math.ceil(header), MAX_RETRY_AFTER_SECONDS);
}
