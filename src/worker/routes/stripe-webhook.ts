/** Stripe's events: verified on the raw body and queued. The 200 says "safely queued", nothing more. */
import { toPaymentMessage, verifyWebhook } from "../../adapters/stripe/webhooks.ts";
import type { AppContext } from "../app-env.ts";
import { servicesOf } from "../compose.ts";
import { problem } from "../middleware/problem.ts";
import { readText, refuseBody } from "../middleware/request-body.ts";
import { register, type App } from "./register.ts";

export function registerStripeWebhook(app: App): void {
  register(app, "receiveStripeEvent", receiveStripeEvent);
}

async function receiveStripeEvent(c: AppContext): Promise<Response> {
  const services = servicesOf(c.env);
  const body = await readText(c.req.raw);
  if (!body.ok) return refuseBody(c, body);
  const signature = c.req.header("stripe-signature") ?? "";
  const secret = services.secret("STRIPE_WEBHOOK_SECRET");
  const verified = await verifyWebhook(services.stripe, body.text, signature, secret);
  if (!verified.ok) {
    services.telemetry.count("webhooks_refused");
    return problem(c, verified.reason === "bad_signature" ? "bad_signature" : "bad_request");
  }
  const { event } = verified;
  try {
    await c.env.PAYMENTS_QUEUE.send(toPaymentMessage(event));
  } catch (error) {
    // Stripe delivers it again: it must not hear 200 for what is not queued.
    services.telemetry.fault("webhook.not_queued", error, {
      requestId: c.get("requestId"),
      eventId: event.id,
    });
    return problem(c, "temporarily_unavailable", { detail: "The event could not be queued." });
  }
  return c.json({ received: true });
}
