/** A running store as its callers see it: shoppers over the API, ops over theirs, Stripe and Postgres past it. */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LOCAL_AUDIENCE, signOpsToken } from "../../local/access/sign-ops-token.ts";
import { readEndpoints, type Endpoints } from "../../local/orchestration/endpoints.ts";
import { postgresClient } from "../../local/postgres/client.ts";
import { waitFor } from "../../local/process/wait-for.ts";
import { OrderView, PaymentView, PlacedOrder, type PlaceOrderBody } from "../../src/contracts/orders.ts";
import type { OrderStatus } from "../../src/domain/order/status.ts";
import { Stock } from "./stock.ts";
import { StripeSide } from "./stripe-side.ts";
import { TurnstileSide } from "./turnstile-side.ts";

/** How long a store on a busy machine may take to answer one request. */
const REQUEST_TIMEOUT_MS = 60_000;
/** How long something that happens by itself (a webhook, a queue, an alarm) may take on a busy machine. */
export const EVENTUALLY_MS = 60_000;

/** What the Worker printed, one line each, below a store's state directory. */
export const WORKER_LOG = "worker.log";

/** Where a running store is found, also from another process than the one that started it. */
export interface StorePlace {
  readonly stateDirectory: string;
  /** Where the Worker's objects keep their rows. */
  readonly persistDirectory: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
}

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** What tells one placement from another. What is left out is new each time: another person at another address. */
export interface Placement {
  readonly lines: readonly Line[];
  readonly email?: string;
  readonly key?: string;
  /** Fields in the place of the usual ones. */
  readonly body?: Partial<PlaceOrderBody>;
}

export interface Right {
  readonly orderId: string;
  readonly token: string;
}

/** The calls of one invocation of the Worker to other parts. */
export interface InvocationCalls {
  /** `fetch`, `cron * * * * *`, `queue orders`. */
  readonly name: string;
  readonly calls: number;
  /** By kind: `fetch` (Postgres, Redis, Stripe), `cache`, `object`, `queue`, `email`. */
  readonly kinds: Readonly<Partial<Record<"fetch" | "cache" | "object" | "queue" | "email", number>>>;
  /** Characters of the largest body that it sent. */
  readonly largestBody: number;
}

export class Store {
  readonly place: StorePlace;
  readonly url: string;
  readonly stripe: StripeSide;
  readonly turnstile: TurnstileSide;
  readonly stock: Stock;
  #shoppers = 0;

  constructor(place: StorePlace) {
    this.place = place;
    this.url = this.endpoints.store;
    this.stripe = new StripeSide(() => this.endpoints);
    this.turnstile = new TurnstileSide(() => this.endpoints);
    this.stock = new Stock(this);
  }

  /** As they are now: a store that was killed may come back with other ports. */
  get endpoints(): Endpoints {
    const endpoints = readEndpoints(this.place.stateDirectory);
    if (endpoints === null) throw new Error(`no store runs with ${this.place.stateDirectory}`);
    return endpoints;
  }

  // ---------------------------------------------------------------------------------------------------- shoppers

  /** Any request, from an address of its own unless `cf-connecting-ip` says otherwise, and by a person where one is asked for. */
  async request(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (!headers.has("cf-connecting-ip")) headers.set("cf-connecting-ip", this.#newAddress());
    const body = (await this.turnstile.proven(method, path, init.body)) as RequestInit["body"];
    const response = await fetch(new URL(path, this.url), {
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...init,
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    // HEAD has the header alone.
    const isJson = text !== "" && response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  tryToPlace(placement: Placement): Promise<Answer> {
    return this.request("POST", "/api/orders", {
      headers: { "content-type": "application/json", "idempotency-key": placement.key ?? randomUUID() },
      body: JSON.stringify(orderBody(placement)),
    });
  }

  /** @throws Error where the order was not placed */
  async placed(placement: Placement): Promise<PlacedOrder> {
    return PlacedOrder.parse(expectStatus(await this.tryToPlace(placement), 201));
  }

  startPayment(right: Right): Promise<Answer> {
    return this.request("POST", `/api/orders/${right.orderId}/payment`, authorised(right));
  }

  /** @throws Error where paying could not be begun */
  async paymentStarted(right: Right): Promise<PaymentView> {
    return PaymentView.parse(expectStatus(await this.startPayment(right), 201));
  }

  /** Begins to pay and confirms with a test card, as the Payment Element does. Answers the intent's id. */
  async pay(right: Right, card = "pm_card_visa"): Promise<string> {
    const { paymentIntentId } = await this.paymentStarted(right);
    await this.stripe.confirm(paymentIntentId, card);
    return paymentIntentId;
  }

  read(right: Right): Promise<Answer> {
    return this.request("GET", `/api/orders/${right.orderId}`, authorised(right));
  }

  /** @throws Error where the order cannot be read */
  async order(right: Right): Promise<OrderView> {
    return OrderView.parse(expectStatus(await this.read(right), 200));
  }

  cancel(right: Right): Promise<Answer> {
    return this.request("POST", `/api/orders/${right.orderId}/cancel`, authorised(right));
  }

  /** Follows an order until it has one of these states. */
  async until(right: Right, ...statuses: readonly OrderStatus[]): Promise<OrderView> {
    return await this.orderWhere(right, `to be ${statuses.join(" or ")}`, (order) =>
      statuses.includes(order.status),
    );
  }

  async orderWhere(right: Right, what: string, holds: (order: OrderView) => boolean): Promise<OrderView> {
    let last: OrderView | null = null;
    return await waitFor(
      async () => {
        last = await this.order(right);
        return holds(last) && last;
      },
      {
        what: `order ${right.orderId} ${what}`,
        timeoutMs: EVENTUALLY_MS,
        explain: () => JSON.stringify(last),
      },
    );
  }

  // ---------------------------------------------------------------------------------------------- ops, behind it

  async opsHeaders(): Promise<Record<string, string>> {
    const token = await signOpsToken({
      stateDirectory: this.place.stateDirectory,
      role: "manager",
      audience: LOCAL_AUDIENCE,
      issuer: this.endpoints.mail,
    });
    return { authorization: `Bearer ${token}`, "content-type": "application/json" };
  }

  /** A request by staff with a manager's credential; a body is sent as JSON. */
  async ops(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = await this.opsHeaders();
    return await this.request(method, path, {
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** Asks the primary directly, past the store. */
  async rows<Row>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const client = postgresClient(this.endpoints.postgres);
    await client.connect();
    try {
      return (await client.query(statement, [...parameters])).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** Waits until a query's rows satisfy a condition, and answers them. */
  async rowsWhere<Row>(
    what: string,
    query: readonly [statement: string, parameters?: readonly unknown[]],
    holds: (rows: Row[]) => boolean,
  ): Promise<Row[]> {
    let last: Row[] = [];
    return await waitFor(
      async () => {
        last = await this.rows<Row>(...query);
        return holds(last) && last;
      },
      { what, timeoutMs: 1.5 * EVENTUALLY_MS, explain: () => JSON.stringify(last).slice(0, 2_000) },
    );
  }

  /** Lets a minute pass for the cron: its nets look at once. */
  tickCron(): void {
    const pid = this.endpoints.pids["store"];
    if (pid === undefined) throw new Error("the Worker is not running");
    process.kill(pid, "SIGUSR2");
  }

  /** Runs a cron, the every-minute one unless another is named, as of a moment (epoch ms), and waits until its handler has ended. */
  async runCron(at: number, cron = "* * * * *"): Promise<void> {
    const url = new URL("/cdn-cgi/local/scheduled", this.url);
    url.searchParams.set("cron", cron);
    url.searchParams.set("time", String(at));
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    const text = await response.text();
    if (!response.ok) throw new Error(`the cron answered ${response.status}: ${text}`);
  }

  /** What every invocation so far called, where the store was started to count it. */
  invocations(): InvocationCalls[] {
    return this.logLines().flatMap((line) => {
      const start = line.indexOf('{"event":"invocation.calls"');
      return start < 0 ? [] : [JSON.parse(line.slice(start)) as InvocationCalls];
    });
  }

  /** Subjects of the e-mails to an address, newest first. */
  async mailTo(address: string): Promise<string[]> {
    const url = new URL("/api/messages", this.endpoints.mail);
    url.searchParams.set("to", address);
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    const { messages } = (await response.json()) as { messages: { subject: string }[] };
    return messages.map(({ subject }) => subject);
  }

  /** Every line the Worker printed so far: its log. */
  logLines(): string[] {
    const file = join(this.place.stateDirectory, WORKER_LOG);
    return existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  }

  #newAddress(): string {
    this.#shoppers += 1;
    const count = this.#shoppers;
    return `10.${String((count >> 16) & 255)}.${String((count >> 8) & 255)}.${String(count & 255)}`;
  }
}

export function newEmail(): string {
  return `ada-${randomUUID()}@example.com`;
}

export function orderBody({ lines, email, body }: Placement): PlaceOrderBody {
  return {
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    email: email ?? newEmail(),
    shippingAddress: {
      name: "Ada Lovelace",
      line1: "1 Main St",
      city: "Springfield",
      region: "IL",
      postalCode: "62701",
      country: "US",
    },
    shippingMethod: "standard",
    ...body,
  };
}

function authorised({ token }: Right): RequestInit {
  return { headers: { authorization: `Bearer ${token}` } };
}

/** The body of an answer with this status. @throws Error that shows the answer otherwise */
export function expectStatus(answer: Answer, status: number): unknown {
  if (answer.status === status) return answer.body;
  throw new Error(`expected ${String(status)}, not ${String(answer.status)} ${JSON.stringify(answer.body)}`);
}
