/** The parameters that create, update or confirm a PaymentIntent, read into the fields of the intent they set. */
import type Stripe from "stripe";
import { readShipping } from "./addresses.ts";
import { checkAmount, readCurrency } from "./amounts.ts";
import { parameterInvalid, parameterMissing, resourceMissing } from "./errors.ts";
import type { FormObject } from "./form-decoding.ts";
import type { Operation } from "./operation.ts";
import {
  allowOnly,
  mergedMetadata,
  optionalBoolean,
  optionalChoice,
  optionalClearable,
  optionalInteger,
  optionalObject,
  optionalString,
  optionalStringList,
} from "./parameters.ts";

/** What an update may change while no charge is under way. */
const SHARED_PARAMETERS = [
  "allowed_payment_method_types",
  "capture_method",
  "customer",
  "description",
  "expand",
  "metadata",
  "payment_method",
  "payment_method_data",
  "payment_method_options",
  "payment_method_types",
  "receipt_email",
  "setup_future_usage",
  "shipping",
  "statement_descriptor",
  "statement_descriptor_suffix",
  "transfer_group",
] as const;

/** What only a confirmation reads. Mandates and radar sessions are taken and have no effect on a test card. */
export const CONFIRMATION_PARAMETERS = [
  "error_on_requires_action",
  "mandate_data",
  "off_session",
  "radar_options",
  "return_url",
  "use_stripe_sdk",
] as const;

const CREATION_ONLY = [
  "amount",
  "currency",
  "automatic_payment_methods",
  "confirm",
  "confirmation_method",
] as const;
/** What Stripe.js sends along with a confirmation. */
const BROWSER_PARAMETERS = [
  "key",
  "client_secret",
  "expected_payment_method_type",
  "client_context",
] as const;

export const CREATE_PARAMETERS = [
  ...SHARED_PARAMETERS,
  ...CREATION_ONLY,
  ...CONFIRMATION_PARAMETERS,
] as const;
export const UPDATE_PARAMETERS = [...SHARED_PARAMETERS, "amount", "currency"] as const;
export const CONFIRM_PARAMETERS = [
  ...SHARED_PARAMETERS,
  ...CONFIRMATION_PARAMETERS,
  ...BROWSER_PARAMETERS,
] as const;

/** What may still change once the intent is authorised, succeeded or canceled. */
const ALWAYS_CHANGEABLE: readonly string[] = [
  "description",
  "expand",
  "metadata",
  "receipt_email",
  "shipping",
  "transfer_group",
];

const CAPTURE_METHODS = ["automatic", "automatic_async", "manual"] as const;
/** The emulated account takes cards, directly or remembered by Link. */
const METHOD_TYPES: readonly string[] = ["card", "link"];

/** The first parameter given that may not change any more in a settled intent, if any. */
export function fixedParameter(params: FormObject): string | undefined {
  return Object.keys(params).find((name) => !ALWAYS_CHANGEABLE.includes(name));
}

/** The fields that `params` set, over those of `current`; everything but amount, currency and the payment method itself. */
export function readSharedFields(
  operation: Operation,
  params: FormObject,
  current: Stripe.PaymentIntent,
): Stripe.PaymentIntent {
  const changed: Stripe.PaymentIntent = { ...current, metadata: mergedMetadata(params, current.metadata) };
  const text = (name: string, before: string | null): string | null => {
    const given = optionalClearable(params, name);
    return given === undefined ? before : given;
  };
  changed.description = text("description", current.description);
  changed.receipt_email = text("receipt_email", current.receipt_email);
  changed.statement_descriptor = text("statement_descriptor", current.statement_descriptor);
  changed.statement_descriptor_suffix = text(
    "statement_descriptor_suffix",
    current.statement_descriptor_suffix,
  );
  changed.transfer_group = text("transfer_group", current.transfer_group);
  if (params["shipping"] === "") changed.shipping = null;
  else {
    const shipping = optionalObject(params, "shipping");
    if (shipping !== undefined) changed.shipping = readShipping(shipping);
  }
  const customer = optionalString(params, "customer");
  if (customer !== undefined) {
    if (operation.state.customers.get(customer) === undefined)
      throw resourceMissing("customer", customer, "customer", 400);
    changed.customer = customer;
  }
  changed.setup_future_usage =
    optionalChoice(params, "setup_future_usage", ["off_session", "on_session"]) ?? current.setup_future_usage;
  changed.capture_method =
    optionalChoice(params, "capture_method", CAPTURE_METHODS) ?? current.capture_method;
  const types = readMethodTypes(params);
  changed.payment_method_types = types ?? current.payment_method_types;
  if (types !== undefined && params["allowed_payment_method_types"] !== undefined) {
    changed.allowed_payment_method_types = types;
  }
  return withMethodOptions(params, changed);
}

const METHOD_TYPE_PARAMETERS = ["allowed_payment_method_types", "payment_method_types"] as const;

function readMethodTypes(params: FormObject): string[] | undefined {
  // The name up to the API version before endive, which older clients still send, and the name since.
  const name = METHOD_TYPE_PARAMETERS.find((each) => params[each] !== undefined);
  const types = name === undefined ? undefined : optionalStringList(params, name);
  if (name === undefined || types === undefined) return undefined;
  if (types.length === 0) throw parameterInvalid(name, "At least one payment method type is needed.");
  for (const type of types) {
    if (METHOD_TYPES.includes(type)) continue;
    const message = `The payment method type "${type}" is invalid. Please ensure the provided type is activated in your dashboard.`;
    throw parameterInvalid(name, message);
  }
  return types;
}

function withMethodOptions(params: FormObject, intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  const options = optionalObject(params, "payment_method_options");
  if (options === undefined) return intent;
  allowOnly(options, ["card", "link"], "payment_method_options");
  const card = optionalObject(options, "card");
  if (card === undefined) return intent;
  allowOnly(card, ["capture_method", "request_three_d_secure"], "payment_method_options[card]");
  const manual = optionalChoice(card, "capture_method", ["manual"]);
  const secure = optionalChoice(card, "request_three_d_secure", ["automatic", "any", "challenge"]);
  return {
    ...intent,
    capture_method: manual ?? intent.capture_method,
    payment_method_options: { card: cardOptions(secure ?? "automatic") },
  };
}

function cardOptions(
  secure: "any" | "automatic" | "challenge",
): Stripe.PaymentIntent.PaymentMethodOptions.Card {
  return { installments: null, mandate_options: null, network: null, request_three_d_secure: secure };
}

/** Reads and checks `amount` and `currency`; both are required where the intent has none yet. */
export function readPrice(
  params: FormObject,
  current?: Stripe.PaymentIntent,
): { amount: number; currency: string } {
  const givenAmount = optionalInteger(params, "amount");
  const givenCurrency = optionalString(params, "currency");
  const amount = givenAmount ?? current?.amount;
  if (amount === undefined) throw parameterMissing("amount");
  const currency = givenCurrency === undefined ? current?.currency : readCurrency(givenCurrency);
  if (currency === undefined) throw parameterMissing("currency");
  checkAmount(amount, currency);
  return { amount, currency };
}

/** `automatic_payment_methods`, which is on where neither it nor `payment_method_types` is given. */
export function readAutomaticMethods(
  params: FormObject,
): Stripe.PaymentIntent.AutomaticPaymentMethods | null {
  const automatic = optionalObject(params, "automatic_payment_methods");
  const types = params["allowed_payment_method_types"] ?? params["payment_method_types"];
  if (automatic === undefined)
    return types === undefined ? { allow_redirects: "always", enabled: true } : null;
  allowOnly(automatic, ["enabled", "allow_redirects"], "automatic_payment_methods");
  const enabled = optionalBoolean(automatic, "enabled");
  const redirects = optionalChoice(automatic, "allow_redirects", ["always", "never"]);
  if (enabled === undefined) throw parameterMissing("automatic_payment_methods[enabled]");
  if (enabled && types !== undefined) {
    const message =
      "You may only specify one of these parameters: automatic_payment_methods, payment_method_types.";
    throw parameterInvalid("automatic_payment_methods", message);
  }
  return enabled ? { allow_redirects: redirects ?? "always", enabled } : null;
}

/** Refuses the manual confirmation method rather than pretending to know its extra step. */
export function refuseManualConfirmation(params: FormObject): void {
  if (optionalChoice(params, "confirmation_method", ["automatic", "manual"]) !== "manual") return;
  throw parameterInvalid("confirmation_method", "The emulator knows the automatic confirmation_method only.");
}
