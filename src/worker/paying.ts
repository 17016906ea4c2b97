/** Beginning to pay for an order: the order says what is to be created at Stripe, and hears what came of it. */
import { payerKeyFor } from "../adapters/signing/index.ts";
import { performPaymentOperation, StripeBusyError } from "../adapters/stripe/operations.ts";
import type { PaymentView } from "../contracts/orders.ts";
import type { ProblemCode } from "../contracts/problem.ts";
import type { AppContext } from "./app-env.ts";
import { servicesOf } from "./compose.ts";
import { requireSecrets } from "./configuration.ts";
import { timestamp } from "./order-view.ts";

/** Creations tried in one request: the second follows a first whose outcome turned out to be "none". */
const MAX_CREATIONS = 3;

export type PaymentStart =
  | { readonly ok: true; readonly payment: PaymentView }
  | { readonly ok: false; readonly code: ProblemCode; readonly retryAfterSeconds?: number };

/**
 * Makes the order's PaymentIntent, or finds the one it has.
 *
 * @throws where an object or Stripe cannot be reached; the order keeps its units and the call may be repeated
 */
export async function startPayment(c: AppContext, orderId: string): Promise<PaymentStart> {
  const services = servicesOf(c.env);
  const { stripe, signing } = services;
  const payerKeyOf = (card: string) => payerKeyFor(signing, card);
  requireSecrets(c.env, "STRIPE_SECRET_KEY");
  const publishableKey = services.secret("STRIPE_PUBLISHABLE_KEY");
  const order = servicesOf(c.env).orders.of(orderId);
  let outcome = await order.startPayment();
  for (let creations = 0; outcome.ok && outcome.operation !== null; creations++) {
    if (creations >= MAX_CREATIONS) return { ok: false, code: "payment_provider_error" };
    try {
      // Answered by the order as it stands after Stripe's answer: decided meanwhile, it refuses.
      outcome = await order.paymentCreated(
        await performPaymentOperation(stripe, outcome.operation, payerKeyOf),
      );
    } catch (error) {
      if (error instanceof StripeBusyError) {
        return { ok: false, code: "rate_limited", retryAfterSeconds: error.retryAfterSeconds };
      }
      services.telemetry.fault("payment.not_started", error, { requestId: c.get("requestId"), orderId });
      return { ok: false, code: "temporarily_unavailable" };
    }
  }
  if (!outcome.ok) return { ok: false, code: outcome.reason };
  // An intent known only from an event bears no secret yet; the payments queue fetches it.
  if (outcome.intent === null) return { ok: false, code: "temporarily_unavailable" };
  const { intent, record } = outcome;
  return {
    ok: true,
    payment: {
      paymentIntentId: intent.id,
      clientSecret: intent.clientSecret,
      publishableKey,
      amount: record.totals.total,
      holdExpiresAt: timestamp(record.holdExpiresAt),
      serverTime: timestamp(Date.now()),
    },
  };
}
