/** Stripe's error answers: one exception type with a status, and a constructor for each error the emulator gives. */

/** The `error` object of an answer, in Stripe's own field names. */
export type ErrorBody = {
  type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  message: string;
  code?: string;
  decline_code?: string;
  param?: string;
  doc_url?: string;
  charge?: string;
  payment_intent?: object;
  payment_method?: object;
};

/**
 * A refusal on its way to the caller. It is thrown because it may arise anywhere while parameters are read, and
 * the pipeline takes back whatever the request had changed. A declined card is not one: a decline changes the intent.
 */
export class StripeFailure extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  /** True where Stripe refuses before it executes anything: such an answer is not kept for the idempotency key. */
  readonly beforeExecution: boolean;

  constructor(status: number, body: ErrorBody, beforeExecution = false) {
    super(body.message);
    this.name = "StripeFailure";
    this.status = status;
    this.body = body.code === undefined ? body : { ...body, doc_url: documentationUrl(body.code) };
    this.beforeExecution = beforeExecution;
  }
}

/** Where Stripe documents an error code. */
export function documentationUrl(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`;
}

export function parameterMissing(param: string): StripeFailure {
  const message = `Missing required param: ${param}.`;
  return new StripeFailure(
    400,
    { type: "invalid_request_error", code: "parameter_missing", message, param },
    true,
  );
}

export function parameterUnknown(param: string): StripeFailure {
  const message = `Received unknown parameter: ${param}`;
  return new StripeFailure(
    400,
    { type: "invalid_request_error", code: "parameter_unknown", message, param },
    true,
  );
}

export function parameterInvalid(param: string, message: string, code?: string): StripeFailure {
  const body: ErrorBody = { type: "invalid_request_error", message, param };
  if (code !== undefined) body.code = code;
  return new StripeFailure(400, body, true);
}

/** A request that was understood and cannot be done, e.g. a refund of more than was charged. */
export function invalidRequest(
  message: string,
  details: { code?: string; param?: string } = {},
): StripeFailure {
  return new StripeFailure(400, { type: "invalid_request_error", message, ...details });
}

/** `kind` is Stripe's name of the resource, e.g. `payment_intent`; `param` names where the id was given. */
export function resourceMissing(kind: string, id: string, param: string, status = 404): StripeFailure {
  const message = `No such ${kind}: '${id}'`;
  return new StripeFailure(status, {
    type: "invalid_request_error",
    code: "resource_missing",
    message,
    param,
  });
}

/** The intent is in a state that does not allow the operation; Stripe sends the intent along. */
export function unexpectedState(message: string, paymentIntent: object): StripeFailure {
  return new StripeFailure(400, {
    type: "invalid_request_error",
    code: "payment_intent_unexpected_state",
    message,
    payment_intent: paymentIntent,
  });
}

export function unrecognizedUrl(method: string, path: string): StripeFailure {
  const message =
    `Unrecognized request URL (${method}: ${path}). ` +
    "Please see https://stripe.com/docs or we can help at https://support.stripe.com/.";
  return new StripeFailure(404, { type: "invalid_request_error", message }, true);
}

export function unauthenticated(message: string, code?: string): StripeFailure {
  const body: ErrorBody = { type: "invalid_request_error", message };
  if (code !== undefined) body.code = code;
  return new StripeFailure(401, body, true);
}
