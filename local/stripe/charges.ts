/** Charges: one for each attempt the card's issuer decided on. Made and changed by intents and refunds only. */
import type Stripe from "stripe";
import type { Decline } from "./cards.ts";
import { resourceMissing } from "./errors.ts";
import { emit } from "./events.ts";
import type { FormObject } from "./form-decoding.ts";
import { newId } from "./identifiers.ts";
import { LIST_PARAMETERS, listPage } from "./lists.ts";
import { ok } from "./operation.ts";
import type { Answer, Operation } from "./operation.ts";
import { allowOnly, optionalString } from "./parameters.ts";
import { idOf } from "./state.ts";
import type { CardRecord } from "./state.ts";

const AUTHORISATION_DAYS = 7;
const SECONDS_PER_DAY = 86_400;

/** An authorisation that the issuer granted; captured at once unless the intent captures manually. */
export function approvedCharge(
  operation: Operation,
  intent: Stripe.PaymentIntent,
  card: CardRecord,
  challenged: boolean,
): Stripe.Charge {
  const manual = intent.capture_method === "manual";
  const charge: Stripe.Charge = {
    ...attempt(operation, intent, card, challenged),
    amount_captured: manual ? 0 : intent.amount,
    balance_transaction: manual ? null : newId("txn"),
    captured: !manual,
    outcome: outcome("authorized", "approved_by_network", null, "Payment complete."),
    paid: true,
    status: "succeeded",
  };
  operation.state.charges.put(charge.id, charge);
  emit(operation, "charge.succeeded", charge);
  return charge;
}

/** An attempt that the issuer refused. */
export function declinedCharge(
  operation: Operation,
  intent: Stripe.PaymentIntent,
  card: CardRecord,
  decline: Decline,
): Stripe.Charge {
  const charge: Stripe.Charge = {
    ...attempt(operation, intent, card, false),
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: outcome(
      "issuer_declined",
      "declined_by_network",
      decline.declineCode ?? decline.code,
      "The bank did not return any further details with this decline.",
    ),
    status: "failed",
  };
  operation.state.charges.put(charge.id, charge);
  emit(operation, "charge.failed", charge);
  return charge;
}

/** Captures `amountMinor` of an authorisation; the rest is released. */
export function captureCharge(
  operation: Operation,
  charge: Stripe.Charge,
  amountMinor: number,
): Stripe.Charge {
  const captured: Stripe.Charge = {
    ...charge,
    amount_captured: amountMinor,
    balance_transaction: newId("txn"),
    captured: true,
  };
  operation.state.charges.put(captured.id, captured);
  emit(operation, "charge.captured", captured);
  return captured;
}

/** Gives an authorisation back uncaptured; Stripe shows that as a refund of the whole charge. */
export function releaseCharge(operation: Operation, charge: Stripe.Charge): void {
  const released: Stripe.Charge = { ...charge, amount_refunded: charge.amount, refunded: true };
  operation.state.charges.put(released.id, released);
  emit(operation, "charge.refunded", released);
}

/** The latest charge of an intent, if it had one. */
export function latestCharge(operation: Operation, intent: Stripe.PaymentIntent): Stripe.Charge | undefined {
  const id = idOf(intent.latest_charge);
  return id === null ? undefined : operation.state.charges.get(id);
}

/** `GET /v1/charges/:id` */
export function retrieveCharge(operation: Operation, id: string): Answer {
  const charge = operation.state.charges.get(id);
  if (charge === undefined) throw resourceMissing("charge", id, "id");
  return ok(charge);
}

/** `GET /v1/charges`, by `payment_intent`, `customer` and `created`. */
export function listCharges(operation: Operation, params: FormObject): Answer {
  allowOnly(params, [...LIST_PARAMETERS, "payment_intent", "customer"]);
  const intentId = optionalString(params, "payment_intent");
  const customerId = optionalString(params, "customer");
  if (intentId !== undefined && operation.state.paymentIntents.get(intentId) === undefined) {
    throw resourceMissing("payment_intent", intentId, "payment_intent");
  }
  const matches = (charge: Stripe.Charge): boolean =>
    (intentId === undefined || charge.payment_intent === intentId) &&
    (customerId === undefined || charge.customer === customerId);
  return ok(listPage(operation.state.charges, params, { url: "/v1/charges", kind: "charge", matches }));
}

function outcome(
  status: string,
  network: string,
  reason: string | null,
  message: string,
): Stripe.Charge.Outcome {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: network,
    reason,
    risk_level: "normal",
    risk_score: 20,
    seller_message: message,
    type: status,
  };
}

function attempt(
  operation: Operation,
  intent: Stripe.PaymentIntent,
  card: CardRecord,
  challenged: boolean,
): Stripe.Charge {
  return {
    id: newId("ch"),
    object: "charge",
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: card.method.billing_details,
    calculated_statement_descriptor: "HOLDFAST",
    captured: false,
    created: operation.now,
    currency: intent.currency,
    customer: idOf(intent.customer),
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: intent.id,
    payment_method: card.method.id,
    payment_method_details: { card: cardDetails(operation, intent, card, challenged), type: "card" },
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: "pending",
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
}

function cardDetails(
  operation: Operation,
  intent: Stripe.PaymentIntent,
  { method: { card } }: CardRecord,
  challenged: boolean,
): Stripe.Charge.PaymentMethodDetails.Card {
  if (card === undefined) throw new Error("A payment method without a card cannot be charged.");
  const details: Stripe.Charge.PaymentMethodDetails.Card = {
    amount_authorized: intent.amount,
    authorization_code: null,
    brand: card.brand,
    checks:
      card.checks === null
        ? null
        : { ...card.checks, cvc_check: card.checks.cvc_check === null ? null : "pass" },
    country: card.country,
    electronic_commerce_indicator: null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: card.fingerprint ?? null,
    funding: card.funding,
    installments: null,
    last4: card.last4,
    mandate: null,
    network: card.brand,
    network_transaction_id: null,
    regulated_status: card.regulated_status,
    three_d_secure: challenged ? AUTHENTICATED : null,
    transaction_link_id: null,
    wallet: null,
  };
  if (intent.capture_method === "manual")
    details.capture_before = operation.now + AUTHORISATION_DAYS * SECONDS_PER_DAY;
  return details;
}

const AUTHENTICATED: Stripe.Charge.PaymentMethodDetails.Card.ThreeDSecure = {
  authentication_flow: "challenge",
  electronic_commerce_indicator: "05",
  exemption_indicator: null,
  result: "authenticated",
  result_reason: null,
  transaction_id: null,
  version: "2.2.0",
};
