/** Stripe's webhooks: verified on the raw body, then turned into the message our payments queue carries. */
import Stripe from "stripe";
import { MESSAGE_VERSION, type StripeEventReceived } from "../../contracts/messages.ts";
import { ORDER_ID_KEY, toIntent } from "./intents.ts";

/** How old a signature may be, seconds (Stripe's own default; it bounds replays). */
const TOLERANCE_SECONDS = 300;

/**
 * @param rawBody the body as it arrived, unparsed
 * @returns the event, or null when the signature does not match or is too old
 */
export async function verifyWebhook(
  stripe: Stripe,
  rawBody: string,
  signature: string,
  secret: string,
): Promise<Stripe.Event | null> {
  try {
    return await stripe.webhooks.constructEventAsync(
      rawBody,
      signature,
      secret,
      TOLERANCE_SECONDS,
      Stripe.createSubtleCryptoProvider(),
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return null;
    throw error;
  }
}

export function toPaymentMessage(event: Stripe.Event): StripeEventReceived {
  const { object } = event.data;
  const intent = "object" in object && object.object === "payment_intent" ? toIntent(object) : null;
  const metadata = "metadata" in object ? object.metadata : null;
  return {
    v: MESSAGE_VERSION,
    type: "stripe.event",
    eventId: event.id,
    eventType: event.type,
    createdAt: event.created * 1000,
    orderId: intent?.orderId ?? metadata?.[ORDER_ID_KEY] ?? null,
    intent,
  };
}
