/** The rows of the table: closed loops on the store, on its bare runtime and on other designs, in rounds of which the middle one is shown. */
import { SEED_SKUS } from "../../local/seed/catalog.ts";
import type { Baseline, OtherDesigns } from "./baselines.ts";
import type { HttpCall } from "./http-client.ts";
import { closedLoop, type LoadResult } from "./load.ts";
import type { HttpAnswer } from "./response-reader.ts";
import { medianBy } from "./statistics.ts";
import type { BenchStore } from "./store.ts";
import { addressOf, placeOrder, readOrder, type PlacedOrder } from "./store-calls.ts";

const CONNECTIONS = [32, 256] as const;
/** Orders that are kept to be read again. */
const KEPT_ORDERS = 5_000;
const PAGE = "/products/aurora";

/** Has more than anyone asks for. */
export const HOT_SKU = SEED_SKUS.unlimited;
/** Has nothing. */
const GONE_SKU = SEED_SKUS.plentyToo;

export interface Row extends LoadResult {
  readonly name: string;
  readonly connections: number;
}

/** Which rows are measured together, in rounds. */
export type RowGroup = "reads" | "placing" | "status" | "designs";

export interface Rounds {
  readonly rounds: number;
  /** Of one row in one round. */
  readonly seconds: number;
}

export interface Measured {
  readonly rows: Row[];
  /** By connections: calls into the hot SKU's object for each order that was placed. */
  readonly skuCallsPerPlacedOrder: Record<string, number>;
}

interface RowPlan {
  readonly name: string;
  readonly port: number;
  readonly expected: number;
  readonly nextCall: () => HttpCall;
}

interface Surroundings {
  readonly store: BenchStore;
  readonly baseline: Baseline;
  /** Only the group `designs` needs them. */
  readonly designs: OtherDesigns | null;
}

export class RowBench {
  readonly #surroundings: Surroundings;
  readonly #placed: PlacedOrder[] = [];

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The hot SKU has more than anyone asks for, the other nothing. */
  async prepareStock(): Promise<void> {
    const { store, designs } = this.#surroundings;
    for (const [sku, units] of [
      [HOT_SKU, 1_000_000],
      [GONE_SKU, 0],
    ] as const) {
      await store.setAvailable(sku, units);
      await designs?.setAvailable(sku, units);
    }
  }

  async measure(group: RowGroup, { rounds, seconds }: Rounds): Promise<Measured> {
    const { store } = this.#surroundings;
    const rows: Row[] = [];
    const skuCallsPerPlacedOrder: Record<string, number> = {};
    if (group === "status") await this.keptOrders(1);
    for (const connections of CONNECTIONS) {
      const results = new Map<string, LoadResult[]>();
      const skuCalls = { calls: 0, orders: 0 };
      for (let round = 0; round < rounds; round += 1) {
        for (const plan of this.#plansOf(group)) {
          const placing = plan.port === store.port && plan.name === "placed";
          const callsBefore = placing ? await store.skuCalls(HOT_SKU) : 0;
          const result = await this.#run(plan, connections, seconds);
          results.set(plan.name, [...(results.get(plan.name) ?? []), result]);
          if (!placing) continue;
          // What a row left to be told to Postgres must not be paid for by the next.
          await store.orders.untilAllArrived();
          skuCalls.calls += (await store.skuCalls(HOT_SKU)) - callsBefore;
          skuCalls.orders += result.statuses[plan.expected] ?? 0;
        }
      }
      for (const [name, each] of results)
        rows.push({ name, connections, ...medianBy(each, ({ rate }) => rate) });
      if (skuCalls.orders > 0) skuCallsPerPlacedOrder[connections] = skuCalls.calls / skuCalls.orders;
    }
    return { rows, skuCallsPerPlacedOrder };
  }

  /** One row, once. */
  async run(group: RowGroup, name: string, connections: number, seconds: number): Promise<LoadResult> {
    if (group === "status") await this.keptOrders(1);
    const plan = this.#plansOf(group).find((each) => each.name === name);
    if (plan === undefined) throw new Error(`there is no row "${name}" in ${group}`);
    return this.#run(plan, connections, seconds);
  }

  /** Orders that are open and can be read, at least `count` of them; those that are missing are placed first. */
  async keptOrders(count: number): Promise<readonly PlacedOrder[]> {
    const missing = count - this.#placed.length;
    if (missing <= 0) return this.#placed;
    const plan = this.#placing();
    const onAnswer = (answer: HttpAnswer): void => this.#hear(plan, answer);
    await closedLoop({ ...plan, connections: 32, seconds: 120, count: missing, onAnswer });
    await this.#surroundings.store.orders.untilAllArrived();
    if (this.#placed.length < count)
      throw new Error(`only ${this.#placed.length} of ${count} orders were placed`);
    return this.#placed;
  }

  #run(plan: RowPlan, connections: number, seconds: number): Promise<LoadResult> {
    const onAnswer = (answer: HttpAnswer): void => this.#hear(plan, answer);
    return closedLoop({ ...plan, connections, seconds, onAnswer });
  }

  #hear({ name, expected }: RowPlan, { status, body }: HttpAnswer): void {
    if (name !== "placed" || status !== expected) return;
    this.#surroundings.store.orders.expectOne();
    if (this.#placed.length < KEPT_ORDERS) this.#placed.push(JSON.parse(body) as PlacedOrder);
  }

  #placing(): RowPlan {
    return {
      name: "placed",
      port: this.#surroundings.store.port,
      expected: 201,
      nextCall: this.#order(HOT_SKU),
    };
  }

  #order(sku: string): () => HttpCall {
    const { buyers } = this.#surroundings.store;
    return () => placeOrder(sku, buyers.next());
  }

  #plansOf(group: RowGroup): RowPlan[] {
    const { store, baseline, designs } = this.#surroundings;
    const { port, buyers } = store;
    const get = (path: string): (() => HttpCall) => {
      const call = { method: "GET", path } as const;
      return () => call;
    };
    const onBaseline = (name: string, nextCall: () => HttpCall): RowPlan => ({
      name,
      port: baseline.port,
      expected: 200,
      nextCall,
    });
    // The baselines answer the very request that the store answers: what differs is what is done with it.
    const sameTo =
      (pathOf: (buyer: number) => string, sku: string): (() => HttpCall) =>
      () => {
        const buyer = buyers.next();
        return { ...placeOrder(sku, buyer), path: pathOf(buyer) };
      };
    switch (group) {
      case "reads":
        return [
          onBaseline("hello", get("/hello")),
          onBaseline("bare call, empty GET", get("/bare")),
          onBaseline(
            "bare call",
            sameTo(() => "/bare", GONE_SKU),
          ),
          { name: "refused", port, expected: 409, nextCall: this.#order(GONE_SKU) },
          {
            name: "product page, uncached",
            port,
            expected: 200,
            nextCall: () => uncachedPage(buyers.next()),
          },
          { name: "product page, from a copy", port, expected: 200, nextCall: get(PAGE) },
        ];
      case "placing":
        return [
          onBaseline(
            "one-row write",
            sameTo(() => "/write", HOT_SKU),
          ),
          onBaseline(
            "bare new object",
            sameTo((buyer) => `/new/${buyer}`, HOT_SKU),
          ),
          this.#placing(),
        ];
      case "status": {
        let reads = 0;
        const nextCall = (): HttpCall => {
          const order = this.#placed[reads++ % this.#placed.length];
          if (order === undefined) throw new Error("no order was placed to be read");
          return readOrder(order, buyers.next());
        };
        return [{ name: "status read", port, expected: 200, nextCall }];
      }
      case "designs": {
        if (designs === null) throw new Error("the other designs were not started");
        const kinds = designs.redis
          ? ["redis", "postgres transaction", "postgres statement"]
          : ["postgres transaction", "postgres statement"];
        return kinds.flatMap((kind) => {
          const path = `/${kind.replace("postgres ", "")}/orders`;
          const plan = { port: designs.port };
          return [
            { ...plan, name: `node+${kind}, refused`, expected: 409, nextCall: sameTo(() => path, GONE_SKU) },
            { ...plan, name: `node+${kind}, placed`, expected: 201, nextCall: sameTo(() => path, HOT_SKU) },
          ];
        });
      }
    }
  }
}

/** A request with credentials is never answered from a copy: this is what a page costs when the Worker makes it. */
function uncachedPage(reader: number): HttpCall {
  const headers = { authorization: "Bearer nobody", "cf-connecting-ip": addressOf(reader) };
  return { method: "GET", path: PAGE, headers };
}
