/** Stripe's webhooks: verified on the raw body, then turned into the message our payments queue carries. */
import Stripe from "stripe";
import * as z from "zod";
import { IntentView, MESSAGE_VERSION, type StripeEventReceived } from "../../contracts/messages.ts";
import { OPERATION_ID_KEY, ORDER_ID_KEY, toIntent } from "./intents.ts";

/** How old a signature may be, seconds (Stripe's own default; it bounds replays). */
const TOLERANCE_SECONDS = 300;

/** Keeps nothing of a signature: one serves all. */
const CRYPTO_PROVIDER = Stripe.createSubtleCryptoProvider();

/** What every event of Stripe's has; which object it is about is looked at one by one. */
const AnyEvent = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  created: z.int().nonnegative(),
  data: z.object({ object: z.object({ metadata: z.record(z.string(), z.unknown()).nullish() }) }),
});

export type VerifiedWebhook =
  | { readonly ok: true; readonly event: Stripe.Event }
  /** `not_an_event`: signed with our secret, and yet nothing that Stripe sends. */
  | { readonly ok: false; readonly reason: "bad_signature" | "not_an_event" };

/**
 * @param rawBody the body as it arrived, unparsed
 * @returns the event; or a refusal: `bad_signature` where the signature does not match or is too old, `not_an_event`
 */
export async function verifyWebhook(
  stripe: Stripe,
  rawBody: string,
  signature: string,
  secret: string,
): Promise<VerifiedWebhook> {
  try {
    const event: unknown = await stripe.webhooks.constructEventAsync(
      rawBody,
      signature,
      secret,
      TOLERANCE_SECONDS,
      CRYPTO_PROVIDER,
    );
    if (!AnyEvent.safeParse(event).success) return { ok: false, reason: "not_an_event" };
    return { ok: true, event: event as Stripe.Event };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) {
      return { ok: false, reason: "bad_signature" };
    }
    // The SDK parses what it has verified.
    if (error instanceof SyntaxError) return { ok: false, reason: "not_an_event" };
    throw error;
  }
}

export function toPaymentMessage(event: Stripe.Event): StripeEventReceived {
  const { object } = event.data;
  const metadata = "metadata" in object ? object.metadata : null;
  const orderId: unknown = metadata?.[ORDER_ID_KEY];
  return {
    v: MESSAGE_VERSION,
    type: "stripe.event",
    eventId: event.id,
    eventType: event.type,
    createdAt: event.created * 1000,
    orderId: typeof orderId === "string" ? orderId : null,
    intent: "object" in object && object.object === "payment_intent" ? intentShown(object) : null,
    aboutIntentId: aboutIntent(event),
  };
}

/** Events after which the money of an intent is read again. */
const ABOUT_MONEY = /^(?:refund|charge\.dispute|radar\.early_fraud_warning)\./;

const OfIntent = z.object({ payment_intent: z.union([z.string(), z.object({ id: z.string() })]) });

/** The intent of the refund, charge, dispute or warning that the event shows; null for other events. */
function aboutIntent({ type, data }: Stripe.Event): string | null {
  if (!ABOUT_MONEY.test(type)) return null;
  // Our own refund's answer says as much.
  if (type === "refund.created" && data.object.metadata?.[OPERATION_ID_KEY] !== undefined) return null;
  const shown = OfIntent.safeParse(data.object);
  if (!shown.success) return null;
  const { payment_intent: intent } = shown.data;
  return typeof intent === "string" ? intent : intent.id;
}

/** The fields without which `toIntent` cannot read an intent. */
const ReadableIntent = z.object({ currency: z.string(), metadata: z.record(z.string(), z.string()) });

/** The intent, or null where the event shows less of it than we need: the order then asks Stripe. */
function intentShown(object: Stripe.PaymentIntent): IntentView | null {
  if (!ReadableIntent.safeParse(object).success) return null;
  const shown = IntentView.safeParse(toIntent(object));
  return shown.success ? shown.data : null;
}

/** The event types that the webhook endpoint subscribes to at Stripe: only those that may change an order. */
const EVENT_TYPES = [
  "payment_intent.amount_capturable_updated",
  "payment_intent.payment_failed",
  "payment_intent.canceled",
  "refund.*",
  "charge.dispute.*",
  "radar.early_fraud_warning.*",
];

const PAGE_SIZE = 100;

/**
 * Events that Stripe could not deliver, the newest first: what an outage of ours has missed.
 *
 * @param limit events looked through at most
 */
export async function listUndelivered(
  stripe: Stripe,
  { limit }: { readonly limit: number },
): Promise<StripeEventReceived[]> {
  const events: StripeEventReceived[] = [];
  const wanted = { delivery_success: false, types: EVENT_TYPES, limit: Math.min(limit, PAGE_SIZE) };
  for await (const event of stripe.events.list(wanted)) {
    events.push(toPaymentMessage(event));
    if (events.length === limit) break;
  }
  return events;
}
