/** PaymentIntents: create, update, confirm, capture, cancel, and the reads. The rules of their states stand here. */
import type Stripe from "stripe";
import { captureCharge, latestCharge, releaseCharge } from "./charges.ts";
import { confirmIntent, objectIfWanted } from "./confirmation.ts";
import { invalidRequest, parameterInvalid, resourceMissing, unexpectedState } from "./errors.ts";
import { emit } from "./events.ts";
import type { FormObject } from "./form-decoding.ts";
import { newId, randomLetters } from "./identifiers.ts";
import { LIST_PARAMETERS, listPage } from "./lists.ts";
import { ok } from "./operation.ts";
import type { Answer, Operation } from "./operation.ts";
import {
  allowOnly,
  optionalBoolean,
  optionalChoice,
  optionalInteger,
  optionalObject,
  optionalString,
} from "./parameters.ts";
import {
  CONFIRM_PARAMETERS,
  CONFIRMATION_PARAMETERS,
  CREATE_PARAMETERS,
  fixedParameter,
  readAutomaticMethods,
  readPrice,
  readSharedFields,
  refuseManualConfirmation,
  UPDATE_PARAMETERS,
} from "./payment-intent-parameters.ts";
import { methodFromData, resolvePaymentMethod } from "./payment-methods.ts";

/** Far above a launch day's needs; a clear refusal beats a machine that runs out of memory. */
const MAX_PAYMENT_INTENTS = 200_000;
const SECRET_LETTERS = 25;

const CANCELLATION_REASONS = ["duplicate", "fraudulent", "requested_by_customer", "abandoned"] as const;
const CANCELABLE = [
  "requires_payment_method",
  "requires_capture",
  "requires_confirmation",
  "requires_action",
  "processing",
];
const CHANGEABLE = ["requires_payment_method", "requires_confirmation", "requires_action"];

/** `POST /v1/payment_intents`, with `confirm: true` also the first attempt. */
export function createIntent(operation: Operation, params: FormObject): Answer {
  const { state } = operation;
  allowOnly(params, CREATE_PARAMETERS);
  refuseManualConfirmation(params);
  if (state.paymentIntents.size >= MAX_PAYMENT_INTENTS) {
    throw invalidRequest(
      `The emulator keeps at most ${MAX_PAYMENT_INTENTS} PaymentIntents; POST /_emulator/reset clears them.`,
    );
  }
  const confirm = optionalBoolean(params, "confirm") ?? false;
  if (!confirm) {
    // `use_stripe_sdk` may be sent anyway; the others mean something at a confirmation only.
    const stray = CONFIRMATION_PARAMETERS.find(
      (name) => name !== "use_stripe_sdk" && params[name] !== undefined,
    );
    if (stray !== undefined) {
      throw parameterInvalid(stray, `You can only use ${stray} on a PaymentIntent when confirm=true.`);
    }
  }
  const blank = newIntent(operation, readPrice(params), readAutomaticMethods(params));
  const intent = withMethod(operation, readSharedFields(operation, params, blank), params);
  state.paymentIntents.put(intent.id, intent);
  emit(operation, "payment_intent.created", intent);
  if (!confirm) return ok(intent);
  return confirmIntent(operation, intent, onlyConfirmation(params));
}

/** Creation has read everything else already; reading `payment_method_data` twice would make two methods. */
function onlyConfirmation(params: FormObject): FormObject {
  return Object.fromEntries(
    Object.entries(params).filter(([name]) => CONFIRMATION_PARAMETERS.some((known) => known === name)),
  );
}

/** `GET /v1/payment_intents/:id` */
export function retrieveIntent(operation: Operation, id: string): Answer {
  return ok(findIntent(operation, id));
}

/** `POST /v1/payment_intents/:id` */
export function updateIntent(operation: Operation, id: string, params: FormObject): Answer {
  allowOnly(params, UPDATE_PARAMETERS);
  const current = findIntent(operation, id);
  const fixed = CHANGEABLE.includes(current.status) ? undefined : fixedParameter(params);
  if (fixed !== undefined) {
    const message =
      `This PaymentIntent's ${fixed} could not be updated because it has a status of ${current.status}. You may only ` +
      `update the ${fixed} of a PaymentIntent with one of the following statuses: ${CHANGEABLE.join(", ")}.`;
    throw unexpectedState(message, current);
  }
  const priced = CHANGEABLE.includes(current.status)
    ? { ...current, ...readPrice(params, current) }
    : current;
  const changed = withMethod(operation, readSharedFields(operation, params, priced), params);
  operation.state.paymentIntents.put(id, changed);
  return ok(changed);
}

/** `POST /v1/payment_intents/:id/confirm`, also with a publishable key and the client secret. */
export function confirmIntentById(operation: Operation, id: string, params: FormObject): Answer {
  allowOnly(params, CONFIRM_PARAMETERS);
  return confirmIntent(operation, findIntent(operation, id), params);
}

/** `POST /v1/payment_intents/:id/capture`: all that was authorised or, once, a part of it. */
export function captureIntent(operation: Operation, id: string, params: FormObject): Answer {
  allowOnly(params, [
    "amount_to_capture",
    "final_capture",
    "metadata",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "expand",
  ]);
  const current = findIntent(operation, id);
  const charge = latestCharge(operation, current);
  if (current.status !== "requires_capture" || charge === undefined)
    throw unexpectedState(notCapturable(current), current);
  const amount = optionalInteger(params, "amount_to_capture") ?? current.amount_capturable;
  if (amount < 1)
    throw parameterInvalid(
      "amount_to_capture",
      "This value must be greater than or equal to 1.",
      "parameter_invalid_integer",
    );
  if (amount > current.amount_capturable) {
    const message = `The amount_to_capture (${amount}) is greater than the amount_capturable (${current.amount_capturable}).`;
    throw invalidRequest(message, { code: "amount_too_large", param: "amount_to_capture" });
  }
  const captured = captureCharge(operation, charge, amount);
  const succeeded: Stripe.PaymentIntent = {
    ...readSharedFields(operation, params, current),
    amount_capturable: 0,
    amount_received: amount,
    status: "succeeded",
  };
  operation.state.paymentIntents.put(id, succeeded);
  emit(operation, "payment_intent.succeeded", succeeded);
  emit(operation, "charge.updated", captured);
  objectIfWanted(operation, captured, operation.state.cards.get(captured.payment_method ?? ""));
  return ok(succeeded);
}

function notCapturable(intent: Stripe.PaymentIntent): string {
  if (intent.status === "succeeded") {
    return "This PaymentIntent could not be captured because it has already been captured.";
  }
  return (
    `This PaymentIntent could not be captured because it has a status of ${intent.status}. ` +
    "Only a PaymentIntent with one of the following statuses may be captured: requires_capture."
  );
}

/** `POST /v1/payment_intents/:id/cancel`; an authorisation is given back. */
export function cancelIntent(operation: Operation, id: string, params: FormObject): Answer {
  allowOnly(params, ["cancellation_reason", "expand"]);
  const reason = optionalChoice(params, "cancellation_reason", CANCELLATION_REASONS);
  const current = findIntent(operation, id);
  if (!CANCELABLE.includes(current.status)) {
    const message =
      `You cannot cancel this PaymentIntent because it has a status of ${current.status}. ` +
      `Only a PaymentIntent with one of the following statuses may be canceled: ${CANCELABLE.join(", ")}.`;
    throw unexpectedState(message, current);
  }
  const canceled: Stripe.PaymentIntent = {
    ...current,
    amount_capturable: 0,
    canceled_at: operation.now,
    cancellation_reason: reason ?? null,
    next_action: null,
    status: "canceled",
  };
  operation.state.paymentIntents.put(id, canceled);
  emit(operation, "payment_intent.canceled", canceled);
  const charge = latestCharge(operation, current);
  if (current.status === "requires_capture" && charge !== undefined) releaseCharge(operation, charge);
  return ok(canceled);
}

/** `GET /v1/payment_intents`, by `customer` and `created`. */
export function listIntents(operation: Operation, params: FormObject): Answer {
  allowOnly(params, [...LIST_PARAMETERS, "customer"]);
  const customer = optionalString(params, "customer");
  const matches = (intent: Stripe.PaymentIntent): boolean =>
    customer === undefined || intent.customer === customer;
  return ok(
    listPage(operation.state.paymentIntents, params, {
      url: "/v1/payment_intents",
      kind: "payment_intent",
      matches,
    }),
  );
}

function findIntent(operation: Operation, id: string): Stripe.PaymentIntent {
  const intent = operation.state.paymentIntents.get(id);
  if (intent === undefined) throw resourceMissing("payment_intent", id, "intent");
  return intent;
}

const HIDDEN_FROM_BROWSERS: readonly string[] = [
  "amount_capturable",
  "amount_received",
  "application",
  "application_fee_amount",
  "customer",
  "latest_charge",
  "metadata",
  "statement_descriptor",
  "statement_descriptor_suffix",
  "transfer_group",
];

/** What a publishable key gets to see of an intent. https://docs.stripe.com/api/payment_intents/object */
export function forBrowser(intent: object): object {
  return Object.fromEntries(Object.entries(intent).filter(([name]) => !HIDDEN_FROM_BROWSERS.includes(name)));
}

/** Attaches the payment method that was given; with one the intent waits for confirmation instead. */
function withMethod(
  operation: Operation,
  intent: Stripe.PaymentIntent,
  params: FormObject,
): Stripe.PaymentIntent {
  const id = optionalString(params, "payment_method");
  const data = optionalObject(params, "payment_method_data");
  if (id === undefined && data === undefined) return intent;
  const card = id === undefined ? methodFromData(operation, data ?? {}) : resolvePaymentMethod(operation, id);
  return { ...intent, next_action: null, payment_method: card.method.id, status: "requires_confirmation" };
}

function newIntent(
  operation: Operation,
  price: { amount: number; currency: string },
  automatic: Stripe.PaymentIntent.AutomaticPaymentMethods | null,
): Stripe.PaymentIntent {
  const id = newId("pi");
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: price.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: automatic,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: `${id}_secret_${randomLetters(SECRET_LETTERS)}`,
    confirmation_method: "automatic",
    created: operation.now,
    currency: price.currency,
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: automatic === null ? ["card"] : ["card", "link"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  };
}
