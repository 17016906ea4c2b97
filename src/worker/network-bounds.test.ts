/** What one network may make and ask for in a while, so that a program without cookies fills neither the objects nor Postgres. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../contracts/problem.ts";
import { servicesOf } from "./compose.ts";
import worker from "./index.ts";
import {
  CABLE,
  ORIGIN,
  PHONE,
  cookiesOf,
  keepTestCatalog,
  send,
  sendForm,
  sendJson,
  testEnv,
} from "./store-under-test.ts";

const env: Env = {
  ...testEnv,
  NEW_CART_LIMIT: { limit: () => Promise.resolve({ success: false }) },
  SEARCH_LIMIT: { limit: () => Promise.resolve({ success: false }) },
};
/** Periods end, and copies at the edge age, when a test says so. */
vi.useFakeTimers({ toFake: ["Date"] });
/** The first composition is the isolate's: in this file's, what the bindings are asked about is too much. */
servicesOf(env);
/** Of a network in a period, without asking the binding (src/worker/compose.ts). */
const UNASKED_CARTS = 10;
const UNASKED_SEARCHES = 20;
const PERIOD_MS = 10_000;

beforeEach(keepTestCatalog);

let networks = 0;
const newNetwork = () => ({ "cf-connecting-ip": `198.51.100.${String(++networks)}` });

const newCart = (from: Record<string, string>) =>
  sendJson("PUT", `/api/cart/lines/${CABLE}`, { quantity: 1 }, from);

/** @returns a network whose last new cart of the period is made, and that cart's cookie */
async function networkOfManyCarts(): Promise<{ from: Record<string, string>; cookie: string }> {
  const from = newNetwork();
  let cookie = "";
  for (let made = 0; made < UNASKED_CARTS; made += 1) {
    const answer = await newCart(from);
    expect(answer.status).toBe(200);
    cookie = cookiesOf(answer);
  }
  return { from, cookie };
}

async function expectTooMany(answer: Response): Promise<void> {
  expect(Problem.parse(await answer.json()).code).toBe("rate_limited");
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "10"]);
  expect(answer.headers.getSetCookie()).toEqual([]);
}

describe("a network that made too many carts", () => {
  it("gets no new one, over the API or by a form, and is told when to try again", async () => {
    const { from } = await networkOfManyCarts();
    await expectTooMany(await newCart(from));
    const form = await sendForm("/cart/lines", { sku: CABLE, quantity: "1" }, from);
    expect([form.status, form.headers.get("retry-after")]).toEqual([429, "10"]);
    expect(await form.text()).toContain("try again in 10");
    expect(cookiesOf(form)).not.toContain("cart");
  });

  it("keeps using the carts that it has, and costs another network nothing", async () => {
    const { from, cookie } = await networkOfManyCarts();
    await expectTooMany(await newCart(from));
    const changed = await sendJson("PUT", `/api/cart/lines/${CABLE}`, { quantity: 2 }, { ...from, cookie });
    expect(changed.status).toBe(200);
    expect((await newCart(newNetwork())).status).toBe(200);
  });

  it("reads an empty cart, orders without one, and gets none by ordering again", async () => {
    const { from } = await networkOfManyCarts();
    expect((await send("/api/cart", { headers: from })).status).toBe(200);
    const placed = await sendJson(
      "POST",
      "/api/orders",
      {
        lines: [{ sku: PHONE, quantity: 1 }],
        email: "ada@example.com",
        shippingAddress: {
          name: "Ada",
          line1: "1 Main St",
          city: "Springfield",
          region: "IL",
          postalCode: "62701",
          country: "US",
        },
        shippingMethod: "standard",
      },
      { ...from, "idempotency-key": "a-network-of-many-carts" },
    );
    expect(placed.status).toBe(201);
    const { orderId, token } = await placed.json<{ orderId: string; token: string }>();
    const right = { ...from, authorization: `Bearer ${token}` };
    await expectTooMany(await sendJson("POST", `/api/orders/${orderId}/reorder`, {}, right));
  });

  it("may make carts again in the next period", async () => {
    const { from } = await networkOfManyCarts();
    await expectTooMany(await newCart(from));
    vi.setSystemTime(Date.now() + PERIOD_MS);
    expect((await newCart(from)).status).toBe(200);
  });

  it("is not counted for a cart that is not made", async () => {
    const from = newNetwork();
    for (let asked = 0; asked <= UNASKED_CARTS; asked += 1)
      expect((await sendJson("PUT", "/api/cart/lines/NO-SUCH-SKU", { quantity: 1 }, from)).status).toBe(422);
    expect((await newCart(from)).status).toBe(200);
  });
});

describe("a network that searched too much", () => {
  /** As a browser asks: a copy at the edge answers before the Worker does. */
  async function ask(path: string, headers: Record<string, string>): Promise<Response> {
    const ctx = createExecutionContext();
    const answer = await worker.fetch(new Request(ORIGIN + path, { headers }), env, ctx);
    await waitOnExecutionContext(ctx);
    return answer;
  }
  let searches = 0;
  const anotherSearch = () => `q=phone&minPrice=${String(++searches)}`;

  it("is told when to try again, over the API and on pages, and costs another network nothing", async () => {
    const from = newNetwork();
    for (let asked = 0; asked < UNASKED_SEARCHES; asked += 1)
      expect((await ask(`/api/search?${anotherSearch()}`, from)).status).toBe(200);
    await expectTooMany(await ask(`/api/search?${anotherSearch()}`, from));
    for (const path of ["/search", "/products"]) {
      const page = await ask(`${path}?${anotherSearch()}`, from);
      expect([page.status, page.headers.get("retry-after")]).toEqual([429, "10"]);
      expect(await page.text()).toContain("This page tries again by itself");
    }
    expect((await ask(`/api/search?${anotherSearch()}`, newNetwork())).status).toBe(200);
  });

  it("is not counted for what a cache answers, and gets that to the end", async () => {
    const from = newNetwork();
    const known = `/api/search?${anotherSearch()}`;
    for (let asked = 0; asked < 2 * UNASKED_SEARCHES; asked += 1)
      expect((await ask(known, from)).status).toBe(200);
    for (let asked = 1; asked < UNASKED_SEARCHES; asked += 1)
      await ask(`/api/search?${anotherSearch()}`, from);
    expect((await ask(`/api/search?${anotherSearch()}`, from)).status).toBe(429);
    expect((await ask(known, from)).status).toBe(200);
  });
});
