/** How many one customer can buy, across orders: by account, by a guest's address and cart, by payment card. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { PlacedOrder } from "../../src/contracts/orders.ts";
import { BrowserJar, confirmEmail } from "../harness/browser-jar.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS, newEmail, type Answer } from "../harness/store.ts";

const store = sharedStore();

const LIMIT = 2;
const ADDRESS = {
  name: "Ada",
  line1: "1 Main St",
  city: "Springfield",
  region: "IL",
  postalCode: "62701",
  country: "US",
};

const limited = (units: number) => store.stock.skuWith(units, { limit: LIMIT });

/** A browser with a cart of its own, as every browser that checks out has. */
async function shopper(sku: string): Promise<BrowserJar> {
  const browser = new BrowserJar(store);
  expect((await browser.request("PUT", `/api/cart/lines/${sku}`, { quantity: 1 })).status).toBe(200);
  return browser;
}

function tryToOrder(browser: BrowserJar, sku: string, email: string, quantity: number): Promise<Answer> {
  const body = { lines: [{ sku, quantity }], email, shippingAddress: ADDRESS, shippingMethod: "standard" };
  return browser.request("POST", "/api/orders", body, { "idempotency-key": randomUUID() });
}

async function order(
  browser: BrowserJar,
  sku: string,
  email: string,
  quantity = LIMIT,
): Promise<PlacedOrder> {
  const answer = await tryToOrder(browser, sku, email, quantity);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return PlacedOrder.parse(answer.body);
}

/** The bank is told that nothing will be taken. */
async function untilGivenBack({ orderId }: PlacedOrder): Promise<void> {
  await waitFor(
    async () => (await store.stripe.moneyOf(orderId)).every(({ status }) => status === "canceled"),
    { what: `the authorisation of ${orderId} to be cancelled`, timeoutMs: EVENTUALLY_MS },
  );
}

async function signUp(browser: BrowserJar, email: string): Promise<void> {
  const password = "a long and private one";
  const made = await browser.post("/api/auth/sign-up/email", { name: "Ada", email, password });
  expect(made.status, JSON.stringify(made.body)).toBe(200);
  await confirmEmail(store, browser, { email, password });
}

describe("a guest", () => {
  it("is refused more than the limit, and told of the own open order; a return to the limit follows its end", async () => {
    const sku = await limited(10);
    const [browser, email] = [await shopper(sku), newEmail()];
    const open = await order(browser, sku, email);
    const refused = expectProblem(
      await tryToOrder(browser, sku, ` ${email.toUpperCase()}`, 1),
      "purchase_limit",
    );
    expect(refused).toMatchObject({ orderId: open.orderId, lines: [{ sku, requested: 1, available: 0 }] });
    await store.cancel(open);
    await order(browser, sku, email);
  });

  it("is not kept from buying by a stranger who typed the same address; only one of the two can pay", async () => {
    const sku = await limited(10);
    const email = newEmail();
    const strangers = await order(await shopper(sku), sku, email);
    const own = await order(await shopper(sku), sku, email);
    await store.pay(own);
    await store.until(own, "paid");
    await store.pay(strangers);
    const ended = await store.until(strangers, "cancelled");
    expect(ended.lastPaymentError).toMatchObject({ code: "purchase_limit" });
    await store.stock.until(sku, { available: 10 - LIMIT, held: 0, sold: LIMIT });
    await untilGivenBack(strangers);
    const third = await tryToOrder(await shopper(sku), sku, email, 1);
    expect(expectProblem(third, "purchase_limit")).not.toHaveProperty("orderId");
  });

  it("without a cart counts by address alone", async () => {
    const sku = await limited(10);
    const email = newEmail();
    await order(new BrowserJar(store), sku, email);
    expectProblem(await tryToOrder(new BrowserJar(store), sku, email, 1), "purchase_limit");
  });
});

describe("an account", () => {
  it("has its limit whatever guests did under its address, and hears of its own order from any browser", async () => {
    const sku = await limited(10);
    const email = newEmail();
    const strangers = await order(await shopper(sku), sku, email);
    await store.pay(strangers);
    await store.until(strangers, "paid");
    await order(await shopper(sku), sku, newEmail(), 1);

    const phone = new BrowserJar(store);
    await signUp(phone, email);
    const own = await order(phone, sku, newEmail());
    const laptop = new BrowserJar(store);
    await laptop.post("/api/auth/sign-in/email", { email, password: "a long and private one" });
    const refused = expectProblem(await tryToOrder(laptop, sku, email, 1), "purchase_limit");
    expect(refused).toMatchObject({ orderId: own.orderId });
    await store.pay(own);
    await store.until(own, "paid");
    expect(expectProblem(await tryToOrder(laptop, sku, email, 1), "purchase_limit")).not.toHaveProperty(
      "orderId",
    );
  });

  it("counts what its browser ordered as a guest under its address", async () => {
    const sku = await limited(10);
    const [browser, email] = [await shopper(sku), newEmail()];
    const asGuest = await order(browser, sku, email);
    await signUp(browser, email);
    const refused = expectProblem(await tryToOrder(browser, sku, email, 1), "purchase_limit");
    expect(refused).toMatchObject({ orderId: asGuest.orderId });
  });
});

describe("a card", () => {
  it("pays for as many as one customer can buy, under whatever names; what is more is not charged", async () => {
    const sku = await limited(10);
    const card = await store.stripe.typedCard("5555555555554444");
    const first = await order(await shopper(sku), sku, newEmail());
    await store.pay(first, card);
    await store.until(first, "paid");

    const [browser, email] = [await shopper(sku), newEmail()];
    const second = await order(browser, sku, email, 1);
    await store.pay(second, await store.stripe.typedCard("5555 5555 5555 4444"));
    const ended = await store.until(second, "cancelled");
    expect(ended.lastPaymentError).toMatchObject({ code: "purchase_limit" });
    await untilGivenBack(second);
    await store.stock.until(sku, { available: 10 - LIMIT, held: 0, sold: LIMIT });
    const page = await browser.get(`/orders/${second.orderId}?token=${second.token}`);
    const shown = await browser.get(page.headers.get("location") ?? "");
    expect(shown.body).toContain("This is more than one customer can buy");

    const third = await order(browser, sku, email, 1);
    await store.pay(third, await store.stripe.typedCard("378282246310005"));
    await store.until(third, "paid");
    const charged = (await store.stripe.moneyOf(second.orderId)).map(({ captured }) => captured);
    expect(charged).toEqual([0]);
  });
});
