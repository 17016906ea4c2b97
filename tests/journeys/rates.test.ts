/** Shipping and taxes as a merchant changes them, and as shoppers then meet them. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import type { PlacedOrder } from "../../src/contracts/orders.ts";
import type { Rates } from "../../src/domain/rates.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { ownStore } from "../harness/own-store.ts";
import { EVENTUALLY_MS, orderBody, type Answer, type Store } from "../harness/store.ts";

const running = ownStore();
const store = (): Store => running().store;

const ops = async (method: string, path: string, body?: object): Promise<Answer> =>
  await store().request(method, `/api/ops/${path}`, {
    headers: await store().opsHeaders(),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const read = async () => (await ops("GET", "rates")).body as Rates;

const WASHINGTON = {
  name: "Ada Lovelace",
  line1: "1 Pike Place",
  city: "Seattle",
  region: "Washington",
  postalCode: "98101",
  country: "US",
};

async function order(sku: string, change: object): Promise<Answer> {
  return await store().request("POST", "/api/orders", {
    headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
    body: JSON.stringify({ ...orderBody({ lines: [{ sku, quantity: 2 }] }), ...change }),
  });
}

describe("a merchant's rates", () => {
  it("are what shoppers pay from then on, and what an order keeps", async () => {
    const sku = await store().stock.skuWith(20);
    const kept = (await order(sku, { shippingMethod: "express" })).body as PlacedOrder;
    const { revision, zones, taxes } = await read();
    const [zone] = zones;
    const methods = zone!.methods.map((method) => ({
      ...method,
      amountMinor: 900,
      name: `Swift ${method.code}`,
    }));
    const shipping = await ops("PUT", "shipping", {
      revision,
      zones: [{ ...zone!, countries: ["US", "DE"], methods }],
      reason: "a new carrier",
    });
    expect(shipping.status).toBe(200);
    const tax = { country: "US", region: "WA", name: "Sales tax", basisPoints: 1_025, included: false };
    const taxed = await ops("PUT", "taxes", {
      revision: (shipping.body as Rates).revision,
      taxes: [...taxes, { ...tax, onShipping: true }],
      reason: "nexus in Washington",
    });
    expect(taxed.status).toBe(200);

    const placed = await order(sku, { shippingAddress: WASHINGTON, shippingMethod: "standard" });
    const { totals, lines } = placed.body as PlacedOrder;
    const ofLines = Math.floor((totals.subtotal * 1_025 + 5_000) / 10_000);
    expect(totals).toMatchObject({
      shipping: 900,
      tax: ofLines + 92,
      total: totals.subtotal + 992 + ofLines,
    });
    expect(lines[0]?.taxes).toMatchObject([{ name: "Sales tax", amount: ofLines }]);
    expect(await store().order(kept)).toMatchObject({
      totals: kept.totals,
      shippingName: "Express",
      transit: { leastDays: 1, mostDays: 2 },
    });
    const away = await order(sku, { shippingAddress: { ...WASHINGTON, country: "FR", postalCode: "75001" } });
    expect(expectProblem(away, "validation_failed").errors?.[0]?.path).toBe("shippingAddress.country");

    await waitFor(
      async () => {
        const page = String((await store().request("GET", "/shipping")).body);
        return page.includes("Swift standard") && !page.includes("<li>France</li>");
      },
      { what: "the page about shipping", timeoutMs: EVENTUALLY_MS },
    );
    const stored = await store().rowsWhere<{ taxes: unknown; tax_amounts: unknown }>(
      "the order's taxes in Postgres",
      [
        "select taxes, tax_amounts from orders join order_lines using (order_id) where order_id = $1",
        [(placed.body as PlacedOrder).orderId],
      ],
      (rows) => rows.length > 0,
    );
    expect(stored).toEqual([{ taxes: totals.taxes, tax_amounts: [ofLines] }]);
    const log = await store().rows<{ action: string; reason: string }>(
      "select distinct action, reason from audit_log where subject = 'rates' order by action",
    );
    expect(log).toEqual([
      { action: "shipping.replace", reason: "a new carrier" },
      { action: "taxes.replace", reason: "nexus in Washington" },
    ]);
  });

  it("are not replaced by one who has not seen the newest, nor by what would not work", async () => {
    const before = await read();
    const { revision, zones, taxes } = before;
    const [zone] = zones;
    const [rate] = taxes;
    const refused: [what: "shipping" | "taxes", body: object, path: string][] = [
      ["shipping", { revision: revision - 1, zones }, "revision"],
      ["taxes", { revision: revision - 1, taxes }, "revision"],
      ["shipping", { revision, zones: [zone, { ...zone, code: "twice" }] }, "zones"],
      ["shipping", { revision, zones: [{ ...zone, countries: ["XX"] }] }, "zones.0.countries.0"],
      ["taxes", { revision, taxes: [rate, rate] }, "taxes"],
      ["taxes", { revision, taxes: [{ ...rate, country: "DE", region: "BY" }] }, "taxes.0.region"],
      ["taxes", { revision, taxes: [{ ...rate, basisPoints: 10_001 }] }, "taxes.0.basisPoints"],
    ];
    for (const [what, body, path] of refused) {
      const answer = await ops("PUT", what, { ...body, reason: "a test" });
      expect(expectProblem(answer, "validation_failed").errors?.map((error) => error.path)).toEqual([path]);
    }
    expect(await read()).toEqual(before);
  });
});
