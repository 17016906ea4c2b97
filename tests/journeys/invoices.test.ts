/** The invoice of a paid order: who may have it, when, and what it says. */
import { describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { BrowserJar } from "../harness/browser-jar.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS } from "../harness/store.ts";

const store = sharedStore();

describe("an invoice", () => {
  it("is there once the order is paid and in Postgres, the same each time, for its buyer alone", async () => {
    const sku = await store.stock.skuWith(2);
    const placed = await store.placed({ lines: [{ sku, quantity: 1 }] });
    const buyer = new BrowserJar(store);
    await buyer.get(`/orders/${placed.orderId}?token=${placed.token}`);
    const path = `/orders/${placed.orderId}/invoice`;
    expect((await buyer.get(path)).status).toBe(404);
    await store.pay(placed);
    await store.until(placed, "paid");
    let page = "";
    await waitFor(
      async () => {
        const answer = await buyer.get(path);
        page = String(answer.body);
        if (answer.status === 503) expect(answer.headers.get("retry-after")).toBe("10");
        return answer.status === 200;
      },
      { what: "the invoice", timeoutMs: EVENTUALLY_MS },
    );
    const number = /Invoice (\d{4}-\d{6})/.exec(page)?.[1];
    expect(number).toBeDefined();
    for (const text of ["1 Harbor Street", "Total paid", "pi_"]) expect(page).toContain(text);
    expect(String((await buyer.get(path)).body)).toContain(`Invoice ${String(number)}`);
    expect((await new BrowserJar(store).get(path)).status).toBe(404);
  });
});
