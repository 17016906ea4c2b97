/** Confirming a PaymentIntent: what the card's issuer decides, and the challenge in between where it wants one. */
import type Stripe from "stripe";
import { DECLINES } from "./cards.ts";
import type { Decline } from "./cards.ts";
import { approvedCharge, declinedCharge } from "./charges.ts";
import { openDispute, openInquiry } from "./disputes.ts";
import { warnOfFraud } from "./fraud-warnings.ts";
import { documentationUrl, parameterInvalid, unexpectedState } from "./errors.ts";
import type { ErrorBody } from "./errors.ts";
import { emit } from "./events.ts";
import type { FormObject } from "./form-decoding.ts";
import { ok } from "./operation.ts";
import type { Answer, Operation } from "./operation.ts";
import { optionalBoolean, optionalObject, optionalString } from "./parameters.ts";
import { readSharedFields } from "./payment-intent-parameters.ts";
import { methodFromData, resolvePaymentMethod } from "./payment-methods.ts";
import { idOf } from "./state.ts";
import type { CardRecord } from "./state.ts";

const CONFIRMABLE = ["requires_payment_method", "requires_confirmation", "requires_action"];

/**
 * Tries to authorise (or charge) the intent with the card that `params` or the intent name.
 * Answers 200 with the intent, or 402 with a card error after a decline, which leaves the intent open for another card.
 */
export function confirmIntent(
  operation: Operation,
  current: Stripe.PaymentIntent,
  params: FormObject,
): Answer {
  if (!CONFIRMABLE.includes(current.status)) throw unexpectedState(notConfirmable(current), current);
  const attempt: Attempt = {
    intent: { ...readSharedFields(operation, params, current), last_payment_error: null, next_action: null },
    card: chosenCard(operation, current, params),
    returnUrl: readReturnUrl(params),
    useStripeSdk: optionalBoolean(params, "use_stripe_sdk") ?? false,
    // The buyer is away, or the caller cannot show a challenge: the issuer's wish for one ends the attempt.
    cannotChallenge:
      (params["off_session"] ?? "false") !== "false" ||
      (optionalBoolean(params, "error_on_requires_action") ?? false),
  };
  attempt.intent.payment_method = attempt.card.method.id;
  const { behaviour } = attempt.card;
  const secure = current.payment_method_options?.card?.request_three_d_secure;
  const challengeRequested = secure === "any" || secure === "challenge";
  if (behaviour.kind === "decline")
    return refuse(operation, attempt.intent, attempt.card, DECLINES[behaviour.decline]);
  if (behaviour.kind !== "challenge" && !challengeRequested)
    return ok(authorise(operation, attempt.intent, attempt.card, false));
  if (attempt.cannotChallenge)
    return refuse(operation, attempt.intent, attempt.card, DECLINES.authenticationRequired);
  return ok(askForChallenge(operation, attempt));
}

/**
 * The buyer's answer to the challenge. Answers the intent as it is afterwards; where it no longer waits for a
 * challenge (a second click, a cancellation meanwhile) nothing changes.
 */
export function resolveChallenge(
  operation: Operation,
  intent: Stripe.PaymentIntent,
  passed: boolean,
): Stripe.PaymentIntent {
  if (intent.status !== "requires_action") return intent;
  const card = cardOf(operation, intent);
  if (card === undefined) throw new Error(`${intent.id} waits for a challenge of a card that is not there.`);
  const answered: Stripe.PaymentIntent = { ...intent, next_action: null };
  if (!passed) return failAuthentication(operation, answered, card);
  if (card.behaviour.kind === "challenge" && card.behaviour.decline !== undefined) {
    refuse(operation, answered, card, DECLINES[card.behaviour.decline]);
    return operation.state.paymentIntents.get(intent.id) ?? answered;
  }
  return authorise(operation, answered, card, true);
}

type Attempt = {
  intent: Stripe.PaymentIntent;
  card: CardRecord;
  returnUrl: string | null;
  useStripeSdk: boolean;
  cannotChallenge: boolean;
};

function notConfirmable(intent: Stripe.PaymentIntent): string {
  if (intent.status === "succeeded") {
    return "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.";
  }
  return (
    `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. ` +
    `Only a PaymentIntent with one of the following statuses may be confirmed: ${CONFIRMABLE.join(", ")}.`
  );
}

function chosenCard(operation: Operation, intent: Stripe.PaymentIntent, params: FormObject): CardRecord {
  const id = optionalString(params, "payment_method");
  if (id !== undefined) return resolvePaymentMethod(operation, id);
  const data = optionalObject(params, "payment_method_data");
  if (data !== undefined) return methodFromData(operation, data);
  const card = cardOf(operation, intent);
  if (card !== undefined) return card;
  const message =
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the " +
    "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment " +
    "method or ConfirmationToken.";
  throw unexpectedState(message, intent);
}

function cardOf(operation: Operation, intent: Stripe.PaymentIntent): CardRecord | undefined {
  return operation.state.cards.get(idOf(intent.payment_method) ?? "");
}

function readReturnUrl(params: FormObject): string | null {
  const url = optionalString(params, "return_url");
  if (url === undefined) return null;
  const parsed = URL.parse(url);
  if (parsed?.protocol === "http:" || parsed?.protocol === "https:") return url;
  throw parameterInvalid("return_url", "Not a valid URL", "url_invalid");
}

function authorise(
  operation: Operation,
  intent: Stripe.PaymentIntent,
  card: CardRecord,
  challenged: boolean,
): Stripe.PaymentIntent {
  const charge = approvedCharge(operation, intent, card, challenged);
  const manual = intent.capture_method === "manual";
  const authorised: Stripe.PaymentIntent = {
    ...intent,
    amount_capturable: manual ? intent.amount : 0,
    amount_received: manual ? 0 : intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    status: manual ? "requires_capture" : "succeeded",
  };
  operation.state.paymentIntents.put(authorised.id, authorised);
  emit(
    operation,
    manual ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded",
    authorised,
  );
  if (!manual) {
    emit(operation, "charge.updated", charge);
    objectIfWanted(operation, charge, card);
  }
  return authorised;
}

/** The cards that dispute or warn of fraud do so at once after the capture. */
export function objectIfWanted(
  operation: Operation,
  charge: Stripe.Charge,
  card: CardRecord | undefined,
): void {
  const behaviour = card?.behaviour;
  if (behaviour?.kind === "dispute") openDispute(operation, charge, behaviour.reason);
  if (behaviour?.kind === "inquiry") openInquiry(operation, charge);
  if (behaviour?.kind === "fraud_warning") warnOfFraud(operation, charge);
}

function refuse(
  operation: Operation,
  intent: Stripe.PaymentIntent,
  card: CardRecord,
  decline: Decline,
): Answer {
  const charge = declinedCharge(operation, intent, card, decline);
  const error: Stripe.PaymentIntent.LastPaymentError = {
    charge: charge.id,
    code: decline.code,
    doc_url: documentationUrl(decline.code),
    message: decline.message,
    payment_method: card.method,
    type: "card_error",
  };
  if (decline.declineCode !== undefined) error.decline_code = decline.declineCode;
  const refused = reopen(operation, { ...intent, latest_charge: charge.id }, error);
  const body: ErrorBody = { ...(error as ErrorBody), payment_intent: refused };
  return { status: 402, body: { error: body } };
}

function failAuthentication(
  operation: Operation,
  intent: Stripe.PaymentIntent,
  card: CardRecord,
): Stripe.PaymentIntent {
  const code = "payment_intent_authentication_failure";
  return reopen(operation, intent, {
    code,
    doc_url: documentationUrl(code),
    message:
      "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new " +
      "PaymentMethod to attempt to fulfill this PaymentIntent again.",
    payment_method: card.method,
    type: "invalid_request_error",
  });
}

/** After a failure the intent waits for another payment method. */
function reopen(
  operation: Operation,
  intent: Stripe.PaymentIntent,
  error: Stripe.PaymentIntent.LastPaymentError,
): Stripe.PaymentIntent {
  const reopened: Stripe.PaymentIntent = {
    ...intent,
    last_payment_error: error,
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  };
  operation.state.paymentIntents.put(reopened.id, reopened);
  emit(operation, "payment_intent.payment_failed", reopened);
  return reopened;
}

function askForChallenge(operation: Operation, attempt: Attempt): Stripe.PaymentIntent {
  const { intent } = attempt;
  const challenge = new URL(`/_challenge/${intent.id}`, operation.origin);
  challenge.searchParams.set("client_secret", intent.client_secret ?? "");
  if (attempt.returnUrl !== null) challenge.searchParams.set("return_url", attempt.returnUrl);
  // Stripe.js asks for a challenge it can show in the page; everybody else gets an address to send the buyer to.
  const redirects = attempt.returnUrl !== null && !attempt.useStripeSdk;
  const asked: Stripe.PaymentIntent = {
    ...intent,
    next_action: redirects
      ? { redirect_to_url: { return_url: attempt.returnUrl, url: challenge.href }, type: "redirect_to_url" }
      : {
          type: "use_stripe_sdk",
          use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: challenge.href },
        },
    status: "requires_action",
  };
  operation.state.paymentIntents.put(asked.id, asked);
  emit(operation, "payment_intent.requires_action", asked);
  return asked;
}
