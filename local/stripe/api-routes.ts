/** Which request of Stripe's API does what. Everything that is not here answers 404, as Stripe does. */
import { listCharges, retrieveCharge } from "./charges.ts";
import { createCustomer, retrieveCustomer } from "./customers.ts";
import { listDisputes, retrieveDispute } from "./disputes.ts";
import { listEvents, retrieveEvent } from "./events.ts";
import type { FormObject } from "./form-decoding.ts";
import { listFraudWarnings } from "./fraud-warnings.ts";
import type { Answer, Operation } from "./operation.ts";
import { allowOnly } from "./parameters.ts";
import {
  cancelIntent,
  captureIntent,
  confirmIntentById,
  createIntent,
  listIntents,
  retrieveIntent,
  updateIntent,
} from "./payment-intents.ts";
import { createPaymentMethod, retrievePaymentMethod } from "./payment-methods.ts";
import { createRefund, listRefunds, retrieveRefund, updateRefund } from "./refunds.ts";
import { searchIntents } from "./search.ts";
import {
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  retrieveEndpoint,
  updateEndpoint,
} from "./webhook-endpoints.ts";

export type ApiRoute = {
  method: "DELETE" | "GET" | "POST";
  /** `:id` is handed to `run`. */
  path: string;
  /** What a publishable key may call: freely, or with the client secret of the intent in the path. */
  browser?: "freely" | "with_client_secret";
  /** Synchronous, so that no other request ever sees half of its effect. */
  run: (operation: Operation, params: FormObject, id: string) => Answer;
};

function list(path: string, run: (operation: Operation, params: FormObject) => Answer): ApiRoute {
  return { method: "GET", path, run };
}

function create(path: string, run: (operation: Operation, params: FormObject) => Answer): ApiRoute {
  return { method: "POST", path, run };
}

function change(
  path: string,
  run: (operation: Operation, id: string, params: FormObject) => Answer,
): ApiRoute {
  return { method: "POST", path, run: (operation, params, id) => run(operation, id, params) };
}

const RETRIEVAL_PARAMETERS = ["expand", "client_secret", "key"] as const;

function retrieve(path: string, run: (operation: Operation, id: string) => Answer): ApiRoute {
  return {
    method: "GET",
    path,
    run: (operation, params, id) => {
      allowOnly(params, RETRIEVAL_PARAMETERS);
      return run(operation, id);
    },
  };
}

/** More special paths stand before those with an id. */
export const API_ROUTES: readonly ApiRoute[] = [
  create("/v1/payment_intents", createIntent),
  list("/v1/payment_intents", listIntents),
  list("/v1/payment_intents/search", searchIntents),
  { ...retrieve("/v1/payment_intents/:id", retrieveIntent), browser: "with_client_secret" },
  change("/v1/payment_intents/:id", updateIntent),
  { ...change("/v1/payment_intents/:id/confirm", confirmIntentById), browser: "with_client_secret" },
  change("/v1/payment_intents/:id/capture", captureIntent),
  change("/v1/payment_intents/:id/cancel", cancelIntent),
  { ...create("/v1/payment_methods", createPaymentMethod), browser: "freely" },
  retrieve("/v1/payment_methods/:id", retrievePaymentMethod),
  list("/v1/charges", listCharges),
  retrieve("/v1/charges/:id", retrieveCharge),
  create("/v1/refunds", createRefund),
  list("/v1/refunds", listRefunds),
  retrieve("/v1/refunds/:id", retrieveRefund),
  change("/v1/refunds/:id", updateRefund),
  list("/v1/disputes", listDisputes),
  retrieve("/v1/disputes/:id", retrieveDispute),
  list("/v1/radar/early_fraud_warnings", listFraudWarnings),
  create("/v1/customers", createCustomer),
  retrieve("/v1/customers/:id", retrieveCustomer),
  list("/v1/events", listEvents),
  retrieve("/v1/events/:id", retrieveEvent),
  create("/v1/webhook_endpoints", createEndpoint),
  list("/v1/webhook_endpoints", listEndpoints),
  retrieve("/v1/webhook_endpoints/:id", retrieveEndpoint),
  change("/v1/webhook_endpoints/:id", updateEndpoint),
  {
    method: "DELETE",
    path: "/v1/webhook_endpoints/:id",
    run: (operation, _params, id) => deleteEndpoint(operation, id),
  },
];
