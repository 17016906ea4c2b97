/** What an order may be, over HTTP and by the checkout's form alike: where it goes, whose it is, and what can be charged for it. */
import { orderShards } from "../durable-objects/order-shard/order-shards.ts";
import { runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { PlacedOrder } from "../contracts/orders.ts";
import { Problem } from "../contracts/problem.ts";
import {
  agreedNow,
  CABLE,
  cookiesOf,
  testProduct,
  keepTestCatalogWith,
  sendForm,
  sendJson,
  testEnv,
} from "./store-under-test.ts";

/** Prices at the edges of what Stripe charges, in cents. */
const PENNY = "PRICE-10-CENTS";
const GIFT = "PRICE-NOTHING";
const YACHT = "PRICE-MOST";
const MOST = 99_999_999;

beforeEach(async () => {
  await keepTestCatalogWith([
    testProduct("penny", "accessories", PENNY, 50, null, 10),
    testProduct("gift", "accessories", GIFT, 50, null, 0),
    testProduct("yacht", "accessories", YACHT, 50, null, MOST),
  ]);
});

const ADDRESS = {
  name: "Ada",
  line1: "1 Main St",
  city: "Springfield",
  region: "IL",
  postalCode: "62701",
  country: "US",
};
let buyers = 0;

interface Change {
  readonly lines?: readonly { readonly sku: string; readonly quantity: number }[];
  readonly address?: Readonly<Record<string, string>>;
  readonly email?: string;
  readonly key?: string;
}

function place({ lines = [{ sku: CABLE, quantity: 1 }], address = {}, email, key = "key" }: Change) {
  buyers += 1;
  const body = {
    lines,
    email: email ?? `rules-${buyers}@example.com`,
    shippingAddress: { ...ADDRESS, ...address },
    shippingMethod: "standard",
  };
  return sendJson("POST", "/api/orders", body, { "idempotency-key": key });
}

const wrongIn = async (response: Response) => {
  const { code, errors = [] } = Problem.parse(await response.json());
  return [response.status, code, ...errors.map(({ path }) => path)];
};
const held = async (sku: string) => (await testEnv.SKU_INVENTORY.getByName(sku).peek())?.held ?? 0;

describe("an order by the API", () => {
  test.each([
    ["to nowhere", { country: "ZZ" }, ["shippingAddress.country"]],
    ["to where the store does not ship", { country: "RU" }, ["shippingAddress.country"]],
    ["to the United States without a state", { region: "" }, ["shippingAddress.region"]],
    ["with a postal code of letters", { postalCode: "ABC" }, ["shippingAddress.postalCode"]],
    [
      "with another country's postal code",
      { country: "DE", postalCode: "123" },
      ["shippingAddress.postalCode"],
    ],
    ["to nobody that can be read", { name: "\u200b" }, ["shippingAddress.name"]],
  ])("%s is 422 and names the field", async (_, address, paths) => {
    expect(await wrongIn(await place({ address }))).toEqual([422, "validation_failed", ...paths]);
  });

  test("keeps the address as its country writes it, and the email as mail is sent to it", async () => {
    const response = await place({
      address: { postalCode: "〒１００－０００１", country: "JP", region: "東京都", name: "\u202e山田太郎" },
      email: "anna@почта.рф",
    });
    const { orderId } = PlacedOrder.parse(await response.json());
    const shards = orderShards(testEnv);
    const contact = await runInDurableObject(shards.shard(shards.nameOf(orderId)), (_shard, { storage }) =>
      storage.sql.exec<{ contact: string }>("SELECT contact FROM orders WHERE id = ?", orderId).one(),
    );
    expect(JSON.parse(contact.contact)).toMatchObject({
      email: "anna@xn--80a1acny.xn--p1ai",
      shippingAddress: { postalCode: "100-0001", name: "山田太郎" },
    });
  });

  test("is the same whether the domain came in letters of its script or as A-labels", async () => {
    const first = PlacedOrder.parse(await (await place({ email: "ada@почта.рф", key: "same" })).json());
    const other = await place({ email: "Ada@xn--80a1acny.xn--p1ai", key: "same" });
    // The same order; what was received is not the same text, so it is no repetition of the request.
    expect(await wrongIn(other)).toEqual([422, "idempotency_key_reused"]);
    expect(first.status).toBe("reserved");
  });
});

describe("what cannot be charged", () => {
  test.each([
    ["under the minimum", PENNY, 4],
    ["of nothing", GIFT, 1],
    ["over the maximum", YACHT, 2],
  ])("a total %s is 422 and holds nothing", async (_, sku, quantity) => {
    const before = await held(sku);
    expect(await wrongIn(await place({ lines: [{ sku, quantity }] }))).toEqual([
      422,
      "validation_failed",
      "lines",
    ]);
    expect(await held(sku)).toBe(before);
  });

  test("a gift goes out beside what is paid for, and small prices may add up", async () => {
    const lines = [
      { sku: GIFT, quantity: 1 },
      { sku: PENNY, quantity: 5 },
    ];
    expect(PlacedOrder.parse(await (await place({ lines })).json()).totals.total).toBe(50);
  });

  test("the most that can be charged is charged", async () => {
    const response = await place({ lines: [{ sku: YACHT, quantity: 1 }] });
    expect(PlacedOrder.parse(await response.json()).totals.total).toBe(MOST);
  });
});

describe("the checkout's form", () => {
  const form = { ...ADDRESS, line2: "", email: "form@example.com", shippingMethod: "standard" };

  async function submit(sku: string, change: Readonly<Record<string, string>>) {
    const added = await sendForm("/cart/lines", { sku, quantity: "1" });
    const cookie = cookiesOf(added);
    return await sendForm("/checkout", { ...form, ...change, ...(await agreedNow(cookie)) }, { cookie });
  }

  test.each([
    ["a country the store does not ship to", { country: "ZZ" }, "Choose a country."],
    ["no state", { region: "" }, "Enter the state."],
    ["a postal code of letters", { postalCode: "ABC" }, "Check the ZIP code."],
    ["a name nobody sees", { name: "\u3164" }, "Enter the name"],
    ["an address mail cannot reach", { email: "анна@почта.рф" }, "only letters from A to Z"],
  ])("with %s says what to do about it", async (_, change, advice) => {
    const answer = await submit(CABLE, change);
    expect([answer.status, (await answer.text()).includes(advice)]).toEqual([422, true]);
  });

  test("takes what people type", async () => {
    const change = { postalCode: "62701 1234", email: "a&b@example.com" };
    expect((await submit(CABLE, change)).status).toBe(303);
  });

  test("says that a total cannot be charged, and holds nothing", async () => {
    const before = await held(PENNY);
    const answer = await submit(PENNY, { email: "penny@example.com" });
    const page = await answer.text();
    expect([answer.status, page.includes("The total must be at least $0.50")]).toEqual([422, true]);
    expect(await held(PENNY)).toBe(before);
  });
});

test.each([
  ["the lookup of an order", "/orders/find", { number: "ABCD-1234" }],
  ["a notice about stock", "/products/cable/notices", { sku: CABLE }],
])("%s says why mail cannot reach an address", async (_, path, fields) => {
  const answer = await sendForm(path, { ...fields, email: "анна@почта.рф" });
  expect([answer.status, (await answer.text()).includes("only letters from A to Z")]).toEqual([422, true]);
});
