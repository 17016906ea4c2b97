/** The net under lost webhooks: what Stripe lists as authorised and not captured is handed to the orders again. */
import { MESSAGE_VERSION } from "../../contracts/messages.ts";
import type { StripeEventReceived } from "../../contracts/messages.ts";
import type { Intent } from "../../domain/order/payment-operation.ts";

/** A queue takes this many messages at once. */
const MAX_MESSAGES_PER_SEND = 100;

export interface ResendUncapturedDeps {
  /** Authorised, uncaptured intents among the `limit` newest ones. */
  readonly listUncaptured: (limit: number) => Promise<Intent[]>;
  readonly sendPayments: (messages: StripeEventReceived[]) => Promise<void>;
  /** Epoch ms. */
  readonly clock: () => number;
}

/**
 * Sends an event's stand-in for each; an order that knows already does nothing with it.
 *
 * @returns how many were sent
 */
export async function resendUncaptured(deps: ResendUncapturedDeps, limit: number): Promise<number> {
  const createdAt = deps.clock();
  const intents = (await deps.listUncaptured(limit)).filter((intent) => intent.orderId !== null);
  const messages = intents.map((intent) => standIn(intent, createdAt));
  for (let start = 0; start < messages.length; start += MAX_MESSAGES_PER_SEND) {
    await deps.sendPayments(messages.slice(start, start + MAX_MESSAGES_PER_SEND));
  }
  return messages.length;
}

/** Not one of Stripe's events, and not named like one: the inbox does not record it. */
function standIn(intent: Intent, createdAt: number): StripeEventReceived {
  return {
    v: MESSAGE_VERSION,
    type: "stripe.event",
    eventId: `net_${intent.id}`,
    eventType: "net.uncaptured_found",
    createdAt,
    orderId: intent.orderId,
    intent,
    aboutIntentId: null,
  };
}
