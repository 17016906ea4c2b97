/** The Stripe SDK as the Worker uses it: fetch, short time limits, few retries of its own. */
import Stripe from "stripe";

export interface StripeOptions {
  readonly secretKey: string;
  /** `https://api.stripe.com`, or the address of an emulator. */
  readonly apiUrl: string;
}

/** A call that takes longer counts as unanswered: its outcome is settled by looking, under the same key. */
const TIMEOUT_MS = 8_000;
/** The SDK repeats under the same idempotency key; further repeats are the payments queue's, with backoff. */
const MAX_NETWORK_RETRIES = 1;

/** @throws TypeError when `apiUrl` is not a URL */
export function createStripe({ secretKey, apiUrl }: StripeOptions): Stripe {
  const { protocol, hostname, port } = new URL(apiUrl);
  return new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient(),
    protocol: protocol === "http:" ? "http" : "https",
    host: hostname,
    ...(port === "" ? {} : { port }),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: MAX_NETWORK_RETRIES,
    telemetry: false,
  });
}
