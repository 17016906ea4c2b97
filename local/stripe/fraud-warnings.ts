/** Early fraud warnings: the issuer of a test card says that its charge is likely fraud. */
import type Stripe from "stripe";
import { emit } from "./events.ts";
import type { FormObject } from "./form-decoding.ts";
import { newId } from "./identifiers.ts";
import { LIST_PARAMETERS, listPage } from "./lists.ts";
import { ok } from "./operation.ts";
import type { Answer, Operation } from "./operation.ts";
import { allowOnly, optionalString } from "./parameters.ts";
import { idOf } from "./state.ts";

export function warnOfFraud(operation: Operation, charge: Stripe.Charge): void {
  const intentId = idOf(charge.payment_intent);
  const warning: Stripe.Radar.EarlyFraudWarning = {
    id: newId("issfr"),
    object: "radar.early_fraud_warning",
    actionable: true,
    charge: charge.id,
    created: operation.now,
    fraud_type: "made_with_stolen_card",
    livemode: false,
    ...(intentId === null ? {} : { payment_intent: intentId }),
  };
  operation.state.fraudWarnings.put(warning.id, warning);
  emit(operation, "radar.early_fraud_warning.created", warning);
}

/** `GET /v1/radar/early_fraud_warnings`, by `charge`, `payment_intent` and `created`. */
export function listFraudWarnings(operation: Operation, params: FormObject): Answer {
  allowOnly(params, [...LIST_PARAMETERS, "charge", "payment_intent"]);
  const chargeId = optionalString(params, "charge");
  const intentId = optionalString(params, "payment_intent");
  const matches = (warning: Stripe.Radar.EarlyFraudWarning): boolean =>
    (chargeId === undefined || warning.charge === chargeId) &&
    (intentId === undefined || warning.payment_intent === intentId);
  const url = "/v1/radar/early_fraud_warnings";
  return ok(listPage(operation.state.fraudWarnings, params, { url, kind: "early_fraud_warning", matches }));
}
