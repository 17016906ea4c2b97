/** Errors over HTTP: RFC 9457 problem documents, one table of codes. `code` is stable; `title` may be reworded. */
import * as z from "zod";

interface ProblemKind {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503;
  readonly title: string;
}

export const PROBLEMS = {
  malformed_json: { status: 400, title: "The body is not valid JSON" },
  bad_request: { status: 400, title: "The request cannot be understood" },
  idempotency_key_required: { status: 400, title: "An Idempotency-Key header is required" },
  bad_signature: { status: 400, title: "The signature does not match" },
  unauthorised: { status: 401, title: "Credentials are required" },
  invalid_credentials: { status: 401, title: "E-mail or password is wrong" },
  email_not_verified: { status: 403, title: "Please confirm your e-mail address first" },
  sign_in_again: { status: 403, title: "Please sign in again first" },
  link_expired: { status: 400, title: "The link is used or too old" },
  forbidden: { status: 403, title: "Not allowed" },
  challenge_required: { status: 403, title: "Please confirm that you are a person" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  sold_out: { status: 409, title: "Sold out" },
  purchase_limit: { status: 409, title: "The purchase limit is reached" },
  too_many_unpaid: { status: 409, title: "Too many unpaid orders from your network" },
  not_on_sale: { status: 409, title: "Not on sale yet" },
  price_changed: { status: 409, title: "The price has changed" },
  hold_expired: { status: 409, title: "The reservation has ended" },
  payment_in_progress: { status: 409, title: "The payment is already being taken" },
  order_closed: { status: 409, title: "The order is closed" },
  already_paid: { status: 409, title: "The order is paid already" },
  exceeds_captured: { status: 409, title: "More than is left to refund" },
  disputed: { status: 409, title: "The payment is disputed" },
  too_many_refunds: { status: 409, title: "The order has too many refunds" },
  not_paid: { status: 409, title: "The order is not paid" },
  exceeds_unshipped: { status: 409, title: "More than is left to ship" },
  not_shipped: { status: 409, title: "No such parcel is on its way" },
  too_many_parcels: { status: 409, title: "The order has too many parcels" },
  below_committed: { status: 409, title: "The stock cannot go below what is held and sold" },
  payload_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The body must be JSON" },
  validation_failed: { status: 422, title: "The request is not valid" },
  idempotency_key_reused: { status: 422, title: "The Idempotency-Key was used for another request" },
  rate_limited: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong on our side" },
  payment_provider_error: { status: 502, title: "The payment could not be started" },
  temporarily_unavailable: { status: 503, title: "Temporarily unavailable" },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

export const FieldError = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/** A line of an order that was refused: what was asked for and what could still be had. */
export const RefusedLine = z.object({ sku: z.string(), requested: z.int(), available: z.int() });
export type RefusedLine = z.infer<typeof RefusedLine>;

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(FieldError).optional(),
  lines: z.array(RefusedLine).optional(),
  orderId: z.string().optional(),
  /** With `too_many_unpaid`: the caller's own open orders. */
  orderIds: z.array(z.string()).optional(),
  /** With `price_changed`: the total as it is now, in minor units. */
  currentTotal: z.int().optional(),
  /** With `not_on_sale`: when the sale opens. */
  opensAt: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;
