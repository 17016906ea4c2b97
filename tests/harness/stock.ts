/** Units for tests: SKUs nobody has touched yet, with exactly as many units as the test wants, and their figures. */
import { randomUUID } from "node:crypto";
import { waitFor } from "../../local/process/wait-for.ts";
import { ProductList } from "../../src/contracts/catalog.ts";
import type { Store } from "./store.ts";

const EVENTUALLY_MS = 60_000;

export interface SkuFigures {
  readonly sku: string;
  readonly available: number;
  readonly held: number;
  readonly sold: number;
  readonly received: number;
  readonly adjusted: number;
  readonly ledgerSequence: number;
}

/** What a SKU's object was asked since it woke up. */
export interface SkuRequests {
  readonly reads: number;
  readonly commands: number;
}

/** What shoppers in browsers buy by its name: its stock is left alone. */
const BROWSED_PRODUCT = "aurora-mini";
/** How many SKUs every test may sell from, and how many units each is filled up to. */
const SHARED_SKUS = 2;
const PLENTY = 10_000;
/** SKUs with the lowest limit that are kept for who asks for it. */
const KEPT_FOR_LIMITS = 8;

export interface SkuWish {
  /** Without a purchase limit, for orders of many units. */
  readonly unlimited?: boolean;
  /** With exactly this purchase limit. */
  readonly limit?: number;
}

interface OnSale {
  readonly slug: string;
  readonly sku: string;
  readonly purchaseLimit: number | null;
}

const suits = ({ purchaseLimit }: OnSale, { unlimited, limit }: SkuWish): boolean =>
  (unlimited !== true || purchaseLimit === null) && (limit === undefined || purchaseLimit === limit);

export class Stock {
  readonly #store: Store;
  #catalog: OnSale[] | null = null;
  #shared: string[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * A SKU that no test has used, with exactly `units` available. Untouched is what its ledger says, so tests in several
   * processes may share a store, as long as they run one after the other.
   */
  async skuWith(units: number, wish: SkuWish = {}): Promise<string> {
    const catalog = await this.#untouched();
    for (;;) {
      const isSuited = (candidate: OnSale) => suits(candidate, wish);
      // Who wants nothing special takes from the other end, so that enough is left for who does.
      const isSpecial = wish.unlimited !== undefined || wish.limit !== undefined;
      const index = isSpecial ? catalog.findLastIndex(isSuited) : catalog.findIndex(isSuited);
      const [candidate] = index < 0 ? [] : catalog.splice(index, 1);
      if (candidate === undefined) throw new Error("the catalog has no untouched SKU left");
      const { sku } = candidate;
      const figures = await this.figures(sku);
      if (figures.ledgerSequence > 1) continue;
      if (figures.available !== units) await this.adjust(sku, units - figures.available);
      return sku;
    }
  }

  /**
   * A SKU without a purchase limit and with units for everybody: for tests that ask about an order, not about stock. Others sell
   * from it too.
   *
   * @param which of the shared SKUs, from 0, for tests that want two
   */
  async plenty(which = 0): Promise<string> {
    await this.#untouched();
    const sku = this.#shared[which];
    if (sku === undefined) throw new Error(`there are ${SHARED_SKUS} shared SKUs`);
    const { available } = await this.figures(sku);
    if (available < PLENTY / 2) await this.adjust(sku, PLENTY - available);
    return sku;
  }

  async figures(sku: string): Promise<SkuFigures> {
    const headers = await this.#store.opsHeaders();
    const answer = await this.#store.request("GET", `/api/ops/skus/${sku}`, { headers });
    if (answer.status !== 200) throw new Error(`figures of ${sku}: ${JSON.stringify(answer)}`);
    return answer.body as SkuFigures;
  }

  async requests(sku: string): Promise<SkuRequests> {
    const headers = await this.#store.opsHeaders();
    const answer = await this.#store.request("GET", `/api/ops/skus/${sku}/requests`, { headers });
    if (answer.status !== 200) throw new Error(`requests to ${sku}: ${JSON.stringify(answer)}`);
    return answer.body as SkuRequests;
  }

  async adjust(sku: string, delta: number): Promise<void> {
    const answer = await this.#store.request("POST", `/api/ops/skus/${sku}/adjustments`, {
      headers: await this.#store.opsHeaders(),
      body: JSON.stringify({ id: randomUUID(), delta, reason: "stock for a test" }),
    });
    if (answer.status !== 200) throw new Error(`adjusting ${sku}: ${JSON.stringify(answer)}`);
  }

  /** Waits until a SKU's figures are as expected. */
  async until(sku: string, expected: Partial<SkuFigures>): Promise<SkuFigures> {
    let last: SkuFigures | null = null;
    return await waitFor(
      async () => {
        const figures = await this.figures(sku);
        last = figures;
        const isThere = Object.entries(expected).every(
          ([name, value]) => figures[name as keyof SkuFigures] === value,
        );
        return isThere && figures;
      },
      {
        what: `${sku} to have ${JSON.stringify(expected)}`,
        timeoutMs: EVENTUALLY_MS,
        explain: () => JSON.stringify(last),
      },
    );
  }

  /**
   * What is on sale: with a limit, the highest first, then without one (most are generated), then what is kept. Without the products of the shared SKUs,
   * which are the last without a limit: what a test does to a product (a drop, a price) must not happen to them.
   */
  async #untouched(): Promise<OnSale[]> {
    if (this.#catalog !== null) return this.#catalog;
    const onSale = await this.#onSale();
    const shared = onSale.filter(({ purchaseLimit }) => purchaseLimit === null).slice(-SHARED_SKUS);
    this.#shared = shared.map(({ sku }) => sku);
    const limited = onSale
      .filter(({ purchaseLimit }) => purchaseLimit !== null)
      .toSorted((one, other) => (other.purchaseLimit ?? 0) - (one.purchaseLimit ?? 0));
    const unlimited = onSale.filter(
      ({ slug, purchaseLimit }) => purchaseLimit === null && shared.every((one) => one.slug !== slug),
    );
    this.#catalog ??= [
      ...limited.slice(0, -KEPT_FOR_LIMITS),
      ...unlimited,
      ...limited.slice(-KEPT_FOR_LIMITS),
    ];
    return this.#catalog;
  }

  async #onSale(): Promise<OnSale[]> {
    const answer = await this.#store.request("GET", "/api/products?limit=100");
    return ProductList.parse(answer.body)
      .items.filter(({ status, slug }) => status !== "coming_soon" && slug !== BROWSED_PRODUCT)
      .flatMap(({ slug, skus }) => skus.map(({ sku, purchaseLimit }) => ({ slug, sku, purchaseLimit })));
  }
}
