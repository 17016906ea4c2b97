/**
 * What pages need to be seen in all their states: products with little or no stock, carts, orders that went some way.
 * Each is prepared on a running store when it is first asked for, and kept: many browsers look at the same one.
 */
import type { BrowserContext } from "playwright-core";
import { renderSamples } from "../../local/build/render-samples.ts";
import { waitFor } from "../../local/process/wait-for.ts";
import { SEED_SKUS } from "../../local/seed/catalog.ts";
import { EVENTUALLY_MS, expectStatus, type Line, type Right, type Store } from "../harness/store.ts";

/** What the scene takes for itself; tests that share the store take untouched SKUs, and these are touched. */
const SKUS = {
  low: SEED_SKUS.nearlySoldOut,
  /** A product of one SKU that is gone, so that lists show it too. */
  soldOut: ["MURMUR-OVER-CHARCOAL", "MURMUR-OVER-OAT"],
  /** Taken from under a cart that has it. */
  goneFromCart: "VOLT-BANK-RUST",
  ordered: "MERIDIAN-11-128-SAGE",
  accessory: SEED_SKUS.unlimited,
} as const;

export type CartName = "full" | "soldOut";
export type OrderName = "reserved" | "declined" | "paid" | "cancelled";

/** As a `cookie` header has it. */
interface Cookie {
  readonly name: string;
  readonly value: string;
}

export class Scene {
  readonly store: Store;
  readonly #kept = new Map<string, Promise<unknown>>();

  constructor(store: Store) {
    this.store = store;
  }

  /** Path of a product page whose chosen SKU is almost or entirely gone. */
  product(stock: "low" | "soldOut"): Promise<string> {
    return this.#once(`product ${stock}`, async () => {
      if (stock === "low") {
        await this.#stockedWith(SKUS.low, 3, "low_stock");
        return `/products/aurora-pro?sku=${SKUS.low}`;
      }
      for (const sku of SKUS.soldOut) await this.#stockedWith(sku, 0, "sold_out");
      return "/products/murmur-over";
    });
  }

  /** Gives the browser a cart that has something in it. */
  async takeCart(context: BrowserContext, name: CartName): Promise<void> {
    const { name: cookieName, value } = await this.#once(`cart ${name}`, () => this.#cart(name));
    // Kept for `https`, as the store asks for; browsers take this machine itself for a secure place without it.
    const url = new URL("/", this.store.url);
    url.protocol = "https:";
    await context.addCookies([
      { name: cookieName, value, url: url.href, httpOnly: true, secure: true, sameSite: "Lax" },
    ]);
  }

  /** The right to an order that went so far. */
  order(name: OrderName): Promise<Right> {
    return this.#once(`order ${name}`, () => this.#order(name));
  }

  async sampleNames(): Promise<string[]> {
    return [...(await this.#once("samples", renderSamples)).keys()];
  }

  /** HTML of a sample page, for states that pass at once in a running store. @throws Error where there is none */
  async sample(name: string): Promise<string> {
    const html = (await this.#once("samples", renderSamples)).get(name);
    if (html === undefined) throw new Error(`web/preview/sample-pages.tsx has no page "${name}"`);
    return html;
  }

  async #cart(name: CartName): Promise<Cookie> {
    const lines: Line[] =
      name === "full"
        ? [
            { sku: SKUS.ordered, quantity: 1 },
            { sku: SKUS.accessory, quantity: 3 },
          ]
        : [
            { sku: SKUS.accessory, quantity: 1 },
            { sku: SKUS.goneFromCart, quantity: 1 },
          ];
    let cookie: Cookie | null = null;
    for (const { sku, quantity } of lines) {
      const answer = await this.store.request("PUT", `/api/cart/lines/${sku}`, {
        headers: {
          "content-type": "application/json",
          ...(cookie === null ? {} : { cookie: `${cookie.name}=${cookie.value}` }),
        },
        body: JSON.stringify({ quantity }),
      });
      expectStatus(answer, 200);
      cookie ??= cookieOf(answer.headers);
    }
    if (cookie === null) throw new Error("the store gave no cookie for a new cart");
    if (name === "soldOut") await this.#stockedWith(SKUS.goneFromCart, 0, "sold_out");
    return cookie;
  }

  async #order(name: OrderName): Promise<Right> {
    const { store } = this;
    const right = await store.placed({
      lines: [
        { sku: SKUS.ordered, quantity: 1 },
        { sku: SKUS.accessory, quantity: 2 },
      ],
    });
    if (name === "paid") {
      await store.pay(right);
      await store.until(right, "paid");
    }
    if (name === "declined") {
      await store.pay(right, "pm_card_chargeDeclined");
      await store.orderWhere(
        right,
        "to know of the refusal",
        (order) => order.lastPaymentError !== undefined,
      );
    }
    if (name === "cancelled") expectStatus(await store.cancel(right), 200);
    return right;
  }

  /** Leaves so many units of a SKU, and waits until shoppers are told. */
  async #stockedWith(sku: string, units: number, status: string): Promise<void> {
    const { available } = await this.store.stock.figures(sku);
    if (available !== units) await this.store.stock.adjust(sku, units - available);
    await waitFor(
      async () => {
        const { body } = await this.store.request("GET", `/api/availability?sku=${sku}`);
        return (body as { items: { status: string }[] }).items[0]?.status === status;
      },
      { what: `${sku} to be shown as ${status}`, timeoutMs: EVENTUALLY_MS },
    );
  }

  #once<Value>(key: string, prepare: () => Promise<Value>): Promise<Value> {
    const kept = (this.#kept.get(key) as Promise<Value> | undefined) ?? prepare();
    this.#kept.set(key, kept);
    return kept;
  }
}

function cookieOf(headers: Headers): Cookie | null {
  const [pair = ""] = (headers.getSetCookie()[0] ?? "").split(";");
  const separator = pair.indexOf("=");
  return separator < 0 ? null : { name: pair.slice(0, separator), value: pair.slice(separator + 1) };
}
