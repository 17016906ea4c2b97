/** PaymentMethods of type card: made from a number, or from a token such as `pm_card_visa`. */
import type Stripe from "stripe";
import { readBillingDetails } from "./addresses.ts";
import { cardByNumber, cardByToken, fingerprint, isWellFormedNumber } from "./cards.ts";
import type { TestCard } from "./cards.ts";
import { parameterInvalid, parameterMissing, resourceMissing, StripeFailure } from "./errors.ts";
import type { FormObject } from "./form-decoding.ts";
import { newId } from "./identifiers.ts";
import { ok } from "./operation.ts";
import type { Answer, Operation } from "./operation.ts";
import {
  allowOnly,
  mergedMetadata,
  optionalChoice,
  optionalInteger,
  optionalObject,
  optionalString,
} from "./parameters.ts";
import { requiredString } from "./parameters.ts";
import type { CardRecord } from "./state.ts";

const TOKEN_EXPIRY_YEARS_AHEAD = 1;
const TOKEN_EXPIRY_MONTH = 12;
const MAX_YEARS_AHEAD = 50;

const CARD_PARAMETERS = ["number", "exp_month", "exp_year", "cvc", "networks", "token"] as const;
const METHOD_PARAMETERS = ["type", "card", "billing_details", "metadata", "allow_redisplay"] as const;
/** What Stripe.js sends along and nobody has to read. */
const BROWSER_PARAMETERS = [
  "key",
  "payment_user_agent",
  "referrer",
  "time_on_page",
  "guid",
  "muid",
  "sid",
] as const;

/**
 * `isToken`: of a token such as `pm_card_visa`, which stands for another person's card each time it is used. At Stripe all of them
 * have one fingerprint, so a crowd of test shoppers would be one buyer to a store that limits what a card may pay for; whoever wants
 * the same card again types its number, or uses one PaymentMethod twice.
 */
type CardFields = { card: TestCard; expMonth: number; expYear: number; cvcGiven: boolean; isToken: boolean };

/** `POST /v1/payment_methods`, also with a publishable key. */
export function createPaymentMethod(operation: Operation, params: FormObject): Answer {
  allowOnly(params, [...METHOD_PARAMETERS, ...BROWSER_PARAMETERS, "expand"]);
  return ok(methodFromData(operation, params).method);
}

/** `GET /v1/payment_methods/:id` */
export function retrievePaymentMethod(operation: Operation, id: string): Answer {
  const known = operation.state.cards.get(id);
  if (known === undefined) throw resourceMissing("PaymentMethod", id, "payment_method");
  return ok(known.method);
}

/** The card named by an id or a token; a token makes a new PaymentMethod each time, as at Stripe. */
export function resolvePaymentMethod(operation: Operation, id: string): CardRecord {
  const known = operation.state.cards.get(id);
  if (known !== undefined) return known;
  const card = cardByToken(id);
  if (card === undefined) throw resourceMissing("PaymentMethod", id, "payment_method", 400);
  const expYear = new Date(operation.now * 1000).getUTCFullYear() + TOKEN_EXPIRY_YEARS_AHEAD;
  const fields: CardFields = { card, expMonth: TOKEN_EXPIRY_MONTH, expYear, cvcGiven: true, isToken: true };
  return store(operation, fields, readBillingDetails(undefined), {});
}

/** A new PaymentMethod from `payment_method_data` or the body of a creation. */
export function methodFromData(operation: Operation, params: FormObject): CardRecord {
  const type = optionalString(params, "type");
  if (type === undefined) throw parameterMissing("type");
  if (type !== "card")
    throw parameterInvalid("type", `The payment method type "${type}" is not enabled on this account.`);
  const cardParams = optionalObject(params, "card");
  if (cardParams === undefined) throw parameterMissing("card");
  optionalChoice(params, "allow_redisplay", ["always", "limited", "unspecified"]);
  const billing = readBillingDetails(optionalObject(params, "billing_details"));
  return store(operation, readCard(operation, cardParams), billing, mergedMetadata(params, {}));
}

function readCard(operation: Operation, params: FormObject): CardFields {
  allowOnly(params, CARD_PARAMETERS, "card");
  const token = optionalString(params, "token");
  if (token !== undefined) return readCardToken(operation, token);
  const number = requiredString(params, "number").replace(/[ -]/g, "");
  const expMonth = optionalInteger(params, "exp_month");
  const givenYear = optionalInteger(params, "exp_year");
  if (expMonth === undefined) throw parameterMissing("card[exp_month]");
  if (givenYear === undefined) throw parameterMissing("card[exp_year]");
  const expYear = givenYear < 100 ? 2000 + givenYear : givenYear;
  const cvc = optionalString(params, "cvc");
  if (!isWellFormedNumber(number))
    throw unusableCard("incorrect_number", "number", "Your card number is incorrect.");
  const today = new Date(operation.now * 1000);
  const thisYear = today.getUTCFullYear();
  if (expMonth < 1 || expMonth > 12) {
    throw unusableCard("invalid_expiry_month", "exp_month", "Your card's expiration month is invalid.");
  }
  if (expYear < thisYear || expYear > thisYear + MAX_YEARS_AHEAD) {
    throw unusableCard("invalid_expiry_year", "exp_year", "Your card's expiration year is invalid.");
  }
  if (expYear === thisYear && expMonth < today.getUTCMonth() + 1) {
    throw unusableCard("invalid_expiry_month", "exp_month", "Your card's expiration month is invalid.");
  }
  if (cvc !== undefined && !/^\d{3,4}$/.test(cvc)) {
    throw unusableCard("invalid_cvc", "cvc", "Your card's security code is invalid.");
  }
  return { card: cardByNumber(number), expMonth, expYear, cvcGiven: cvc !== undefined, isToken: false };
}

/** `card[token]=tok_visa` is the older spelling of `pm_card_visa`. */
function readCardToken(operation: Operation, token: string): CardFields {
  const card = cardByToken(token.replace(/^tok_/, "pm_card_"));
  if (card === undefined) throw resourceMissing("token", token, "card[token]", 400);
  const expYear = new Date(operation.now * 1000).getUTCFullYear() + TOKEN_EXPIRY_YEARS_AHEAD;
  return { card, expMonth: TOKEN_EXPIRY_MONTH, expYear, cvcGiven: true, isToken: true };
}

function unusableCard(code: string, param: string, message: string): StripeFailure {
  return new StripeFailure(402, { type: "card_error", code, message, param });
}

function store(
  operation: Operation,
  fields: CardFields,
  billing: Stripe.PaymentMethod.BillingDetails,
  metadata: Record<string, string>,
): CardRecord {
  const { card, expMonth, expYear, cvcGiven, isToken } = fields;
  const id = newId("pm");
  const method: Stripe.PaymentMethod = {
    id,
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: billing,
    card: {
      brand: card.brand,
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: cvcGiven ? "unchecked" : null,
      },
      country: "US",
      display_brand: card.brand === "amex" ? "american_express" : card.brand,
      exp_month: expMonth,
      exp_year: expYear,
      fingerprint: fingerprint(card.number, isToken ? id : ""),
      funding: card.funding,
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: operation.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata,
    type: "card",
  };
  const record: CardRecord = { method, behaviour: card.behaviour };
  operation.state.cards.put(method.id, record);
  return record;
}
