/**
 * Hears from Postgres which orders arrived there and which are paid, by NOTIFY from triggers of the benchmark's own: asking every
 * few milliseconds would be load of its own on the machine that is measured.
 */
import type { Client } from "pg";
import { postgresClient } from "../../local/postgres/client.ts";

const CHANNEL = "bench_orders";
/** What takes longer is a failure of the benchmark, ms. */
const PAID_TIMEOUT_MS = 60_000;
const ARRIVAL_TIMEOUT_MS = 180_000;

/** A notice is sent once per content and transaction, so each one that counts carries the moment. */
const TRIGGERS = `
  CREATE OR REPLACE FUNCTION bench_tell_arrived() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE arrived integer;
  BEGIN
    SELECT count(*) INTO arrived FROM arrivals;
    IF arrived > 0 THEN PERFORM pg_notify('${CHANNEL}', 'arrived ' || arrived || ' ' || clock_timestamp()); END IF;
    RETURN NULL;
  END $$;
  CREATE OR REPLACE FUNCTION bench_tell_paid() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_notify('${CHANNEL}', 'paid ' || NEW.order_id); RETURN NULL; END $$;
  CREATE OR REPLACE TRIGGER bench_arrived AFTER INSERT ON orders
    REFERENCING NEW TABLE AS arrivals FOR EACH STATEMENT EXECUTE FUNCTION bench_tell_arrived();
  CREATE OR REPLACE TRIGGER bench_paid AFTER INSERT OR UPDATE ON orders
    FOR EACH ROW WHEN (NEW.status = 'paid') EXECUTE FUNCTION bench_tell_paid();
`;

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class OrdersWatch {
  readonly #client: Client;
  readonly #waitingForPayment = new Map<string, Waiting>();
  /** Paid before it was waited for. */
  readonly #paid = new Set<string>();
  #waitingForArrivals: Waiting | null = null;
  #arrived = 0;
  #expected = 0;

  private constructor(client: Client) {
    this.#client = client;
    client.on("notification", ({ payload = "" }) => {
      const [what, of = ""] = payload.split(" ");
      if (what === "arrived") this.#hearArrived(Number(of));
      else this.#hearPaid(of);
    });
    client.on("error", (error) => {
      for (const { reject } of this.#waitingForPayment.values()) reject(error);
      this.#waitingForArrivals?.reject(error);
    });
  }

  /** @param url of a Postgres that has no orders yet */
  static async start(url: string): Promise<OrdersWatch> {
    const client = postgresClient(url);
    await client.connect();
    const watch = new OrdersWatch(client);
    await client.query(TRIGGERS);
    await client.query(`LISTEN ${CHANNEL}`);
    return watch;
  }

  /** An order was acknowledged: Postgres is to hear of it. */
  expectOne(): void {
    this.#expected += 1;
  }

  /** @throws Error where Postgres has not heard of every expected order within three minutes */
  async untilAllArrived(): Promise<void> {
    if (this.#arrived >= this.#expected) return;
    const explain = (): string => `${this.#arrived} of ${this.#expected} orders arrived in Postgres`;
    try {
      await inTime(ARRIVAL_TIMEOUT_MS, explain, (waiting) => {
        this.#waitingForArrivals = waiting;
      });
    } finally {
      this.#waitingForArrivals = null;
    }
  }

  /** @throws Error where the order is not paid, to Postgres's knowledge, within a minute */
  async untilPaid(orderId: string): Promise<void> {
    if (this.#paid.delete(orderId)) return;
    try {
      await inTime(
        PAID_TIMEOUT_MS,
        () => `order ${orderId} was not paid`,
        (waiting) => {
          this.#waitingForPayment.set(orderId, waiting);
        },
      );
    } finally {
      this.#waitingForPayment.delete(orderId);
    }
  }

  async stop(): Promise<void> {
    await this.#client.end();
  }

  #hearArrived(count: number): void {
    this.#arrived += count;
    if (this.#arrived >= this.#expected) this.#waitingForArrivals?.resolve();
  }

  #hearPaid(orderId: string): void {
    const waiting = this.#waitingForPayment.get(orderId);
    if (waiting === undefined) this.#paid.add(orderId);
    else waiting.resolve();
  }
}

function inTime(timeoutMs: number, explain: () => string, begin: (waiting: Waiting) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${explain()} within ${timeoutMs} ms`)), timeoutMs);
    begin({
      resolve: () => {
        clearTimeout(timer);
        resolve();
      },
      reject: (error) => {
        clearTimeout(timer);
        reject(error);
      },
    });
  });
}
