/** Stripe's side of a running store: the shopper's card, what became of the money, and faults on demand. */
import type { Endpoints } from "../../local/orchestration/endpoints.ts";
import type { Faults, WebhookFaults } from "../../local/stripe/faults.ts";
import type { Ledger, LedgerEntry } from "../../local/stripe/ledger.ts";
import { waitFor } from "../../local/process/wait-for.ts";

const REQUEST_TIMEOUT_MS = 60_000;

/** The part of a PaymentIntent that tests look at. */
export interface ConfirmedIntent {
  readonly id: string;
  readonly status: string;
  readonly client_secret: string;
  readonly next_action: { readonly redirect_to_url?: { readonly url: string } } | null;
}

export interface StripeEventSummary {
  readonly id: string;
  readonly type: string;
  readonly object: string | null;
  readonly pendingWebhooks: number;
}

export type FaultOptions = Partial<Omit<Faults, "webhook">> & { readonly webhook?: Partial<WebhookFaults> };

export class StripeSide {
  readonly #endpoints: () => Endpoints;

  constructor(endpoints: () => Endpoints) {
    this.#endpoints = endpoints;
  }

  /** Confirms an intent with a test card. Answers the intent, also where the card was refused. */
  async confirm(intentId: string, card: string): Promise<ConfirmedIntent> {
    const { status, body } = await this.tryToConfirm(intentId, card);
    const intent = status === 402 ? body.error?.payment_intent : body;
    if ((status !== 200 && status !== 402) || intent === undefined) {
      throw new Error(`confirming ${intentId}: ${String(status)} ${JSON.stringify(body)}`);
    }
    return intent;
  }

  async tryToConfirm(
    intentId: string,
    card: string,
  ): Promise<{
    status: number;
    body: ConfirmedIntent & { error?: { code: string; payment_intent?: ConfirmedIntent } };
  }> {
    const parameters = new URLSearchParams({
      payment_method: card,
      return_url: "https://store.example/back",
    });
    const response = await this.#call("POST", `/v1/payment_intents/${intentId}/confirm`, parameters);
    return {
      status: response.status,
      body: (await response.json()) as ConfirmedIntent & {
        error?: { code: string; payment_intent?: ConfirmedIntent };
      },
    };
  }

  /** A PaymentMethod of a typed card number: one card, however often it pays. A token is another person's each time. */
  async typedCard(number: string): Promise<string> {
    const card = {
      "card[number]": number,
      "card[exp_month]": "12",
      "card[exp_year]": "2040",
      "card[cvc]": "123",
    };
    const parameters = new URLSearchParams({ type: "card", ...card });
    const response = await this.#call("POST", "/v1/payment_methods", parameters);
    if (!response.ok) throw new Error(`typing a card: ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  }

  /** Creates an intent past the store, with parameters as Stripe's API takes them. Answers its id. */
  async createIntent(parameters: Record<string, string>): Promise<string> {
    const response = await this.#call("POST", "/v1/payment_intents", new URLSearchParams(parameters));
    if (!response.ok) throw new Error(`creating an intent: ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  }

  /** Answers the bank's challenge as the shopper would. */
  async answerChallenge(intent: ConfirmedIntent, outcome: "complete" | "fail"): Promise<void> {
    const path = `/_challenge/${intent.id}?client_secret=${encodeURIComponent(intent.client_secret)}`;
    const response = await this.#call("POST", path, new URLSearchParams({ outcome }));
    if (!response.ok) throw new Error(`answering the challenge: ${String(response.status)}`);
  }

  /** Captures a payment as at Stripe's dashboard, all of it unless an amount is given. */
  async captureAtDashboard(intentId: string, amountMinor?: number): Promise<void> {
    const parameters = new URLSearchParams(
      amountMinor === undefined ? {} : { amount_to_capture: String(amountMinor) },
    );
    const response = await this.#call("POST", `/v1/payment_intents/${intentId}/capture`, parameters);
    if (!response.ok) throw new Error(`capturing: ${await response.text()}`);
  }

  /** Refunds a payment as at Stripe's dashboard. Answers the refund's id. */
  async refundAtDashboard(intentId: string, amountMinor: number): Promise<string> {
    const parameters = new URLSearchParams({ payment_intent: intentId, amount: String(amountMinor) });
    const response = await this.#call("POST", "/v1/refunds", parameters);
    if (!response.ok) throw new Error(`refunding: ${await response.text()}`);
    return ((await response.json()) as { id: string }).id;
  }

  /** The refunds of an intent, the newest first. */
  async refundsOf(intentId: string): Promise<{ id: string; amount: number; status: string }[]> {
    const response = await this.#call("GET", `/v1/refunds?payment_intent=${intentId}&limit=100`);
    return ((await response.json()) as { data: { id: string; amount: number; status: string }[] }).data;
  }

  /** Ends a dispute as the bank decides it. */
  async endDispute(disputeId: string, status: "won" | "lost"): Promise<void> {
    const response = await this.#call("POST", `/_emulator/disputes/${disputeId}/${status}`, "{}");
    if (!response.ok) throw new Error(`ending a dispute: ${await response.text()}`);
  }

  /** Ends a refund that takes days at Stripe. */
  async endRefund(refundId: string, status: "succeeded" | "failed"): Promise<void> {
    const response = await this.#call("POST", `/_emulator/refunds/${refundId}/${status}`, "{}");
    if (!response.ok) throw new Error(`ending a refund: ${await response.text()}`);
  }

  /** The whole ledger: every intent with amounts authorised, captured, refunded. */
  async ledger(): Promise<Ledger> {
    return (await (await this.#call("GET", "/_emulator/ledger")).json()) as Ledger;
  }

  /** The intents of an order. */
  async moneyOf(orderId: string): Promise<LedgerEntry[]> {
    return (await this.ledger()).paymentIntents.filter(({ metadata }) => metadata["order_id"] === orderId);
  }

  /** In the place of all faults so far; nothing means none. */
  async faults(faults: FaultOptions = {}): Promise<void> {
    const response = await this.#call("POST", "/_emulator/faults", JSON.stringify(faults));
    if (!response.ok) throw new Error(`setting faults: ${await response.text()}`);
  }

  /** The events about an intent, oldest first. */
  async eventsOf(intentId: string): Promise<StripeEventSummary[]> {
    const { events } = (await (await this.#call("GET", "/_emulator/events")).json()) as {
      events: StripeEventSummary[];
    };
    return events.filter(({ object }) => object === intentId);
  }

  /** Those of the events that are delivered: of the types the store's endpoint asked for. */
  async deliveredEventsOf(intentId: string): Promise<StripeEventSummary[]> {
    const response = await this.#call("GET", "/v1/webhook_endpoints");
    const { data } = (await response.json()) as { data: { enabled_events: string[] }[] };
    const wanted = data.flatMap(({ enabled_events }) => enabled_events);
    return (await this.eventsOf(intentId)).filter(
      ({ type }) => wanted.includes(type) || wanted.includes("*"),
    );
  }

  async redeliver(eventId: string, times = 1): Promise<void> {
    const path = `/_emulator/events/${eventId}/redeliver`;
    const response = await this.#call("POST", path, JSON.stringify({ times }));
    if (!response.ok) throw new Error(`redelivering: ${await response.text()}`);
  }

  /** Waits until every webhook of an intent was taken. */
  async untilDelivered(intentId: string): Promise<void> {
    await waitFor(
      async () => (await this.eventsOf(intentId)).every(({ pendingWebhooks }) => pendingWebhooks === 0),
      { what: `the webhooks of ${intentId} to be taken`, timeoutMs: REQUEST_TIMEOUT_MS },
    );
  }

  /** An event as Stripe sent it. */
  async event(eventId: string): Promise<unknown> {
    return await (await this.#call("GET", `/v1/events/${eventId}`)).json();
  }

  async #call(method: string, path: string, body?: string | URLSearchParams): Promise<Response> {
    const { stripe, stripeSecretKey } = this.#endpoints();
    return await fetch(new URL(path, stripe), {
      method,
      headers: { authorization: `Bearer ${stripeSecretKey}` },
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined ? {} : { body }),
    });
  }
}
