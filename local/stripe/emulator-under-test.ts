/** For tests only: an emulator, the official SDK pointed at it, and a receiver of its webhooks. */
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";
import { createStripeEmulator, DEFAULT_SECRET_KEY, DEFAULT_WEBHOOK_SECRET } from "./server.ts";
import type { StripeEmulator, StripeEmulatorOptions } from "./server.ts";

export const USD: Stripe.PaymentIntentCreateParams = { amount: 119_900, currency: "usd" };

export type UnderTest = StripeEmulator & {
  stripe: Stripe;
  /** Calls `/_emulator/<path>`; answers status and JSON. */
  control: (path: string, body?: unknown) => Promise<{ status: number; json: Record<string, unknown> }>;
};

/** Starts an emulator on a free port with an SDK that does not retry by itself. */
export async function startEmulator(options: StripeEmulatorOptions = {}): Promise<UnderTest> {
  const emulator = await createStripeEmulator(options);
  const stripe = sdkFor(emulator.port, options.secretKey ?? DEFAULT_SECRET_KEY);
  const control: UnderTest["control"] = async (path, body) => {
    const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${emulator.url}/_emulator/${path}`, sent);
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  return { ...emulator, stripe, control };
}

export function sdkFor(port: number, key: string): Stripe {
  return new Stripe(key, {
    host: "127.0.0.1",
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** The error that a call is refused with; fails the test where the call succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error("The call succeeded although it should have been refused.");
}

export type Received = { event: Stripe.Event; signature: string; body: string };

export type Receiver = {
  url: string;
  received: Received[];
  /** Resolves when `condition` holds for what has arrived; it is asked after every arrival. */
  until: (condition: (received: Received[]) => boolean) => Promise<Received[]>;
  /** What to answer from now on. */
  answerWith: (status: number) => void;
  close: () => Promise<void>;
};

/** A receiver of webhooks that keeps what it got; with `status` it answers that. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  let status = 200;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const signature = String(request.headers["stripe-signature"]);
      received.push({ event: JSON.parse(body) as Stripe.Event, signature, body });
      response.writeHead(status).end();
      for (const check of waiting) check();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: actualPort } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actualPort}/webhooks`,
    received,
    until: (condition) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!condition(received)) return;
          waiting.delete(check);
          resolve(received);
        };
        waiting.add(check);
        check();
      }),
    answerWith: (next) => {
      status = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Verifies a webhook as a store would; throws where the signature does not fit. */
export function verify(
  stripe: Stripe,
  { body, signature }: Received,
  secret = DEFAULT_WEBHOOK_SECRET,
): Promise<Stripe.Event> {
  return stripe.webhooks.constructEventAsync(body, signature, secret);
}

export function types(received: readonly Received[]): string[] {
  return received.map(({ event }) => event.type);
}
