/** A shopper over HTTP, on real objects inside workerd, with neither Postgres nor Redis nor Stripe there. */
import { listDurableObjectIds } from "cloudflare:test";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { isOrderId, orderIdFor, orderToken, parseSigningKeys } from "../adapters/signing/index.ts";
import { CartView, ProductList } from "../contracts/catalog.ts";
import { OrderView, PlacedOrder } from "../contracts/orders.ts";
import { Problem } from "../contracts/problem.ts";
import {
  CABLE,
  PHONE,
  agreedIn,
  agreedNow,
  cookiesOf,
  testProduct,
  keepTestCatalogWith,
  send,
  sendForm,
  sendJson,
  testEnv,
} from "./store-under-test.ts";

const keys = parseSigningKeys(testEnv.SIGNING_KEYS, testEnv.ORDER_EPOCHS);
const address = {
  name: "Ada",
  line1: "1 Main St",
  city: "Springfield",
  region: "IL",
  postalCode: "62701",
  country: "US",
};
let buyers = 0;

/** Costs as much as the cable. */
const CORD = "CORD-1M";
const cord = testProduct("cord", "accessories", CORD, 500, null, 1_900);
beforeEach(() => keepTestCatalogWith([cord]));

/** An order of a buyer nobody else is. */
function newOrder(sku = CABLE, quantity = 1) {
  buyers += 1;
  return {
    lines: [{ sku, quantity }],
    email: `buyer-${buyers}@example.com`,
    shippingAddress: address,
    shippingMethod: "standard",
  };
}

const place = (body: unknown, key = "key") =>
  sendJson("POST", "/api/orders", body, { "idempotency-key": key });
const placed = async (body: unknown, key?: string) =>
  PlacedOrder.parse(await (await place(body, key)).json());
const codeOf = async (response: Response) => Problem.parse(await response.json()).code;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("the catalog", () => {
  test("is listed page by page, with what is left of it", async () => {
    const first = ProductList.parse(await (await send("/api/products?limit=1")).json());
    expect(first.items.map(({ slug, status }) => [slug, status])).toEqual([["phone", "in_stock"]]);
    const second = ProductList.parse(
      await (await send(`/api/products?limit=2&cursor=${first.nextCursor ?? ""}`)).json(),
    );
    expect([second.items.map(({ slug }) => slug), second.nextCursor]).toEqual([["cable", "cord"], null]);
  });

  test.each(["limit=0", "limit=101", "limit=x", "cursor=never-given"])("?%s is refused", async (query) => {
    expect(await codeOf(await send(`/api/products?${query}`))).toBe("validation_failed");
  });

  test("availability of a SKU nobody sells is refused by its place", async () => {
    const response = await send(`/api/availability?sku=${PHONE}&sku=NOBODY-SELLS-THIS`);
    expect(Problem.parse(await response.json()).errors?.map(({ path }) => path)).toEqual(["sku.1"]);
  });

  test("availability is asked of 1 to 50 SKUs", async () => {
    expect(await codeOf(await send("/api/availability"))).toBe("validation_failed");
    const many = Array.from({ length: 51 }, () => `sku=${PHONE}`).join("&");
    expect(await codeOf(await send(`/api/availability?${many}`))).toBe("validation_failed");
  });
});

describe("the cart", () => {
  test("makes no object until something is put in", async () => {
    const before = (await listDurableObjectIds(testEnv.CART)).length;
    const response = await send("/api/cart", { headers: { cookie: "__Host-cart=forged" } });
    expect(CartView.parse(await response.json()).lines).toEqual([]);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect((await listDurableObjectIds(testEnv.CART)).length).toBe(before);
  });

  test("follows an HttpOnly cookie that only we can make", async () => {
    const written = await sendJson("PUT", `/api/cart/lines/${CABLE}`, { quantity: 2 });
    expect(written.headers.getSetCookie()[0]).toMatch(
      /^__Host-cart=[0-9a-z]+; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const cookie = cookiesOf(written);
    const read = CartView.parse(await (await send("/api/cart", { headers: { cookie } })).json());
    expect(read.subtotal).toEqual({ amount: 3_800, currency: "USD" });
    expect(read.lines[0]).toMatchObject({ sku: CABLE, quantity: 2, status: "in_stock" });
    expect(read.estimate).toMatchObject({
      country: "US",
      shippingMethod: "standard",
      // A tax is added in Washington.
      taxMayBeAdded: true,
    });
    expect(read.estimate?.totals.total).toBe(read.subtotal.amount);
    const removed = await send(`/api/cart/lines/${CABLE}`, { method: "DELETE", headers: { cookie } });
    const emptied = CartView.parse(await removed.json());
    expect([emptied.lines, emptied.revision > read.revision]).toEqual([[], true]);
  });

  test("takes only what the store sells, in quantities of 1 to 10", async () => {
    expect(await codeOf(await sendJson("PUT", "/api/cart/lines/NO-SUCH-SKU", { quantity: 1 }))).toBe(
      "validation_failed",
    );
    expect(await codeOf(await sendJson("PUT", `/api/cart/lines/${CABLE}`, { quantity: 11 }))).toBe(
      "validation_failed",
    );
  });
});

describe("an order", () => {
  test("is placed, read with its token, and cancelled", async () => {
    const order = await placed(newOrder());
    expect(order).toMatchObject({
      status: "reserved",
      version: 1,
      totals: { total: 1_900, currency: "USD" },
    });
    const path = `/api/orders/${order.orderId}`;
    const read = OrderView.parse(await (await send(path, { headers: bearer(order.token) })).json());
    expect(read.timeline.map(({ status }) => status)).toEqual(["reserved"]);
    const cancelled = await send(`${path}/cancel`, { method: "POST", headers: bearer(order.token) });
    expect([cancelled.status, OrderView.parse(await cancelled.json()).status]).toEqual([200, "cancelled"]);
  });

  test("repeated with its key is the same order, and says so", async () => {
    const body = newOrder();
    const first = await placed(body);
    const again = await place({ ...body, expectedTotal: 1_900 });
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect(PlacedOrder.parse(await again.json())).toMatchObject({
      orderId: first.orderId,
      token: first.token,
    });
    expect(await codeOf(await place({ ...body, shippingMethod: "express" }))).toBe("idempotency_key_reused");
  });

  test("is met by its repetition also where that expects another total: a refusal would leave units held", async () => {
    const body = newOrder();
    const first = await placed(body);
    const again = await place({ ...body, expectedTotal: 1 });
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect(PlacedOrder.parse(await again.json())).toMatchObject({
      orderId: first.orderId,
      totals: { total: 1_900 },
    });
    const other = { ...body, lines: [{ sku: CABLE, quantity: 2 }], expectedTotal: 1 };
    expect(await codeOf(await place(other))).toBe("idempotency_key_reused");
  });

  test("is refused with what is left, with the current total, or with the buyer's limit", async () => {
    expect(await codeOf(await place(newOrder(PHONE, 2)))).toBe("purchase_limit");
    const changed = Problem.parse(await (await place({ ...newOrder(), expectedTotal: 1 })).json());
    expect([changed.code, changed.currentTotal]).toEqual(["price_changed", 1_900]);
  });

  const abroad = (country: string, given: Partial<typeof address>, shippingMethod = "standard") => ({
    ...newOrder(),
    shippingAddress: { ...address, ...given, country },
    shippingMethod,
  });

  test("costs what shipping and taxes are where it goes, told line by line", async () => {
    const washington = await placed(abroad("US", { region: "wa", postalCode: "98101" }, "express"));
    const salesTax = { name: "Sales tax", basisPoints: 650, included: false, amount: 124 };
    expect(washington.totals).toEqual({
      subtotal: 1_900,
      shipping: 1_900,
      tax: 124,
      total: 3_924,
      currency: "USD",
      taxes: [salesTax],
    });
    expect(washington.lines[0]?.taxes).toEqual([salesTax]);
    const germany = await placed(abroad("DE", { postalCode: "10115" }, "express"));
    // 19/119 of $19.00, for the cable and for its shipping.
    expect(germany.totals).toMatchObject({ tax: 0, total: 3_800, taxes: [{ included: true, amount: 606 }] });
    expect(germany.lines[0]?.taxes).toMatchObject([{ amount: 303 }]);
  });

  test("to a zone of its own goes by that zone's method, free from the subtotal it names", async () => {
    const britain = abroad("GB", { postalCode: "SW1A 1AA" }, "courier");
    expect((await placed(britain)).totals).toMatchObject({ subtotal: 1_900, shipping: 700, total: 2_600 });
    const phone = { ...britain, ...{ lines: [{ sku: PHONE, quantity: 1 }], email: newOrder().email } };
    const order = await placed(phone);
    expect(order.totals).toMatchObject({ subtotal: 99_900, shipping: 0 });
    const read = await send(`/api/orders/${order.orderId}`, { headers: bearer(order.token) });
    expect(OrderView.parse(await read.json())).toMatchObject({
      shippingMethod: "courier",
      shippingName: "Courier",
      transit: { leastDays: 2, mostDays: 4 },
    });
  });

  test.each([
    [
      "a country the store does not ship to",
      abroad("FR", { postalCode: "75001" }),
      "shippingAddress.country",
    ],
    ["a method of another zone", abroad("GB", { postalCode: "SW1A 1AA" }), "shippingMethod"],
    [
      "no state that anybody knows, where a tax depends on it",
      abroad("US", { region: "Somewhere" }),
      "shippingAddress.region",
    ],
  ])("with %s is refused, and nothing is held", async (_, body, path) => {
    const before = (await testEnv.SKU_INVENTORY.getByName(CABLE).peek())?.held ?? 0;
    const response = await place(body);
    const { code, errors } = Problem.parse(await response.json());
    expect([response.status, code, errors?.map((error) => error.path)]).toEqual([
      422,
      "validation_failed",
      [path],
    ]);
    expect((await testEnv.SKU_INVENTORY.getByName(CABLE).peek())?.held ?? 0).toBe(before);
  });

  test("of unknown or repeated SKUs is refused and makes no object", async () => {
    const before = (await listDurableObjectIds(testEnv.SKU_INVENTORY)).length;
    const unknown = { ...newOrder(), lines: [{ sku: "NO-SUCH-SKU", quantity: 1 }] };
    expect(await codeOf(await place(unknown))).toBe("validation_failed");
    const line = { sku: CABLE, quantity: 1 };
    expect(await codeOf(await place({ ...newOrder(), lines: [line, line] }))).toBe("validation_failed");
    expect((await listDurableObjectIds(testEnv.SKU_INVENTORY)).length).toBe(before);
  });

  test("to an address that Postgres could not store is refused: an acknowledged order has to reach it", async () => {
    const { shippingAddress, ...order } = newOrder();
    for (const name of ["A\0da", "\ud800da"]) {
      const response = await place({ ...order, shippingAddress: { ...shippingAddress, name } });
      const { code, errors } = Problem.parse(await response.json());
      expect([code, errors?.map(({ path }) => path)]).toEqual([
        "validation_failed",
        ["shippingAddress.name"],
      ]);
    }
  });

  test("is not there for a wrong token, without one, or under an invented id; and no shard is asked", async () => {
    const order = await placed(newOrder());
    const other = await placed(newOrder());
    const asked = vi.spyOn(testEnv.ORDER_SHARD, "getByName");
    const invented = `${order.orderId.slice(0, -1)}${order.orderId.endsWith("0") ? "1" : "0"}`;
    const never = orderIdFor(keys, "nobody@example.com", "never").current;
    const attempts: [string, Record<string, string>][] = [
      [order.orderId, {}],
      [order.orderId, bearer(other.token)],
      [order.orderId, { cookie: `__Host-orders=${order.orderId}.${other.token}` }],
      [invented, bearer(order.token)],
      ["x", bearer(order.token)],
      [never, bearer(order.token)],
    ];
    for (const [id, headers] of attempts) {
      for (const [method, path] of [
        ["GET", ""],
        ["POST", "/payment"],
        ["POST", "/cancel"],
      ] as const) {
        const response = await send(`/api/orders/${id}${path}`, { method, headers });
        expect([response.status, await codeOf(response)]).toEqual([404, "not_found"]);
      }
    }
    expect(asked).not.toHaveBeenCalled();
    asked.mockRestore();
  });

  test("opened with ?token= swaps it for a cookie of at most ten orders", async () => {
    const order = await placed(newOrder());
    const former = Array.from({ length: 12 }, (_, n) => orderIdFor(keys, "ada@example.com", `k${n}`).current);
    const cookie = `__Host-orders=${former.map((id) => `${id}.${orderToken(keys, id)}`).join("~")}`;
    const path = `/orders/${order.orderId}`;
    const swapped = await send(`${path}?payment=submitted&token=${order.token}`, {
      headers: { cookie },
      redirect: "manual",
    });
    expect([swapped.status, swapped.headers.get("location")]).toEqual([303, `${path}?payment=submitted`]);
    const kept = cookiesOf(swapped);
    expect(kept.split("~")).toHaveLength(10);
    expect(isOrderId(keys, kept.slice(kept.indexOf("=") + 1).split(".")[0] ?? "")).toBe(true);
    expect((await send(path, { headers: { cookie: kept } })).status).toBe(200);
    expect((await send(`${path}?token=wrong`, { redirect: "manual" })).status).toBe(404);
    const paying = await send(`${path}/pay?token=${order.token}`, { redirect: "manual" });
    expect([paying.status, paying.headers.get("location")]).toEqual([303, `${path}/pay`]);
    expect((await send(`${path}/pay?token=wrong`, { redirect: "manual" })).status).toBe(404);
  });
});

describe("checkout without JavaScript", () => {
  const form = {
    email: "",
    name: "Ada",
    line1: "1 Main St",
    line2: "",
    city: "Springfield",
    region: "IL",
    postalCode: "62701",
    country: "US",
    shippingMethod: "express",
  };

  /** A browser with one cable in its cart, and a buyer nobody else is. */
  async function filledCart() {
    const added = await sendForm("/cart/lines", { sku: CABLE, quantity: "1" });
    expect([added.status, added.headers.get("location")]).toEqual([303, "/cart?first=1"]);
    const cookie = cookiesOf(added);
    return { cookie, fields: { ...form, email: newOrder().email, ...(await agreedNow(cookie)) } };
  }
  const orderIdOf = (response: Response) => response.headers.get("location")?.split("/")[2] ?? "";

  test("places the order of the cart, once, however often the form is sent", async () => {
    const { cookie, fields } = await filledCart();
    const [first, second] = await Promise.all([
      sendForm("/checkout", fields, { cookie }),
      sendForm("/checkout", fields, { cookie }),
    ]);
    expect(first.status).toBe(303);
    expect(first.headers.get("location")).toMatch(/^\/orders\/\w+\/pay$/);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    const paying = await send(first.headers.get("location") ?? "", { headers: { cookie: cookiesOf(first) } });
    expect(paying.status).toBe(200);
  });

  test("keeps what was typed when something is wrong with it", async () => {
    const { cookie, fields } = await filledCart();
    const wrong = await sendForm("/checkout", { ...fields, city: " " }, { cookie });
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain(fields.email);
    const dearer = await sendForm(
      "/checkout",
      { ...fields, agreed: `${CABLE}*1@1USD`, totals: "express=1901" },
      { cookie },
    );
    expect(dearer.status).toBe(409);
    expect(await dearer.text()).toContain("The price has changed");
  });

  test("with other content leads to the cart's own open order; once that is cancelled, to a new one", async () => {
    const { cookie, fields } = await filledCart();
    const first = await sendForm("/checkout", fields, { cookie });
    const id = orderIdOf(first);
    const changed = await sendForm("/checkout", { ...fields, city: "Elsewhere" }, { cookie });
    expect(changed.status).toBe(409);
    const page = await changed.text();
    expect(page).toContain("An earlier order from this cart is still open");
    expect(page).toContain(`/orders/${id}/pay`);
    const cancelled = await sendForm(
      `/orders/${id}/cancel`,
      {},
      { cookie: `${cookie}; ${cookiesOf(first)}` },
    );
    expect(cancelled.headers.get("location")).toBe(`/orders/${id}`);
    const next = await sendForm("/checkout", { ...fields, city: "Elsewhere" }, { cookie });
    expect(next.status).toBe(303);
    expect(orderIdOf(next)).not.toBe(id);
  });

  test("of a cart that was changed leads to the order it became before, so that nobody holds twice", async () => {
    const { cookie, fields } = await filledCart();
    const first = await sendForm("/checkout", fields, { cookie });
    const browser = `${cookie}; ${cookiesOf(first)}`;
    await sendForm("/cart/lines", { sku: CABLE, quantity: "1" }, { cookie: browser });
    const again = { ...fields, email: newOrder().email, ...(await agreedNow(browser)) };
    const changed = await sendForm("/checkout", again, { cookie: browser });
    expect(changed.status).toBe(409);
    expect(await changed.text()).toContain(`/orders/${orderIdOf(first)}/pay`);
    await sendForm(`/orders/${orderIdOf(first)}/cancel`, {}, { cookie: browser });
    expect((await sendForm("/checkout", again, { cookie: browser })).status).toBe(303);
  });

  test("asks for another cart once ten orders of this one ended unpaid", async () => {
    const { cookie, fields } = await filledCart();
    for (let round = 0; round < 10; round++) {
      const network = { "cf-connecting-ip": `10.0.1.${round}` };
      const order = await sendForm("/checkout", fields, { cookie, ...network });
      expect(order.headers.get("location")).toMatch(/\/pay$/);
      const id = orderIdOf(order);
      await sendForm(`/orders/${id}/cancel`, {}, { cookie: `${cookie}; ${cookiesOf(order)}` });
    }
    const refused = await sendForm("/checkout", fields, { cookie, "cf-connecting-ip": "10.0.1.99" });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain("Please change your cart first");
    await sendForm(`/cart/lines/${CABLE}`, { quantity: "2" }, { cookie });
    const changed = { ...fields, ...(await agreedNow(cookie)) };
    expect((await sendForm("/checkout", changed, { cookie })).status).toBe(303);
  });

  const held = async (sku: string) => (await testEnv.SKU_INVENTORY.getByName(sku).peek())?.held ?? 0;

  test("orders only what the page showed: another tab's swap at the same price is told first, and nothing is held", async () => {
    const { cookie, fields } = await filledCart();
    await sendForm(`/cart/lines/${CABLE}/remove`, {}, { cookie });
    await sendForm("/cart/lines", { sku: CORD, quantity: "1" }, { cookie });
    const before = [await held(CABLE), await held(CORD)];
    const stale = await sendForm("/checkout", fields, { cookie });
    const page = await stale.text();
    expect([
      stale.status,
      page.includes("Your cart has changed"),
      page.includes("The price has changed"),
    ]).toEqual([409, true, false]);
    expect(page).toContain(fields.email);
    expect([await held(CABLE), await held(CORD)]).toEqual(before);
    const agreed = await sendForm("/checkout", { ...fields, ...agreedIn(page) }, { cookie });
    expect(agreed.status).toBe(303);
    expect(await held(CORD)).toBe(before[1]! + 1);
  });

  test("goes on where the cart was changed and changed back: the items are those that were shown", async () => {
    const { cookie, fields } = await filledCart();
    await sendForm(`/cart/lines/${CABLE}`, { quantity: "2" }, { cookie });
    await sendForm(`/cart/lines/${CABLE}`, { quantity: "1" }, { cookie });
    expect((await sendForm("/checkout", fields, { cookie })).status).toBe(303);
  });

  test("a form of another cart, or one that does not say what it is about, orders nothing", async () => {
    const { fields } = await filledCart();
    const before = await held(CORD);
    const other = cookiesOf(await sendForm("/cart/lines", { sku: CORD, quantity: "1" }));
    for (const agreed of [fields.agreed, "", `${CORD}*1@1900`, "x".repeat(5_000)]) {
      const answer = await sendForm("/checkout", { ...fields, agreed }, { cookie: other });
      expect([answer.status, (await answer.text()).includes("Your cart has changed")]).toEqual([409, true]);
    }
    expect(await held(CORD)).toBe(before);
  });

  test("two prices that changed and left the total as it was are told", async () => {
    const { cookie, fields } = await filledCart();
    await sendForm("/cart/lines", { sku: CORD, quantity: "1" }, { cookie });
    const agreed = `${CABLE}*1@1800USD ${CORD}*1@2000USD`;
    const answer = await sendForm("/checkout", { ...fields, agreed, totals: "express=5700" }, { cookie });
    expect([answer.status, (await answer.text()).includes("Prices have changed")]).toEqual([409, true]);
  });

  test("a page that tells something else leaves what was agreed to as it was", async () => {
    const { cookie, fields } = await filledCart();
    await sendForm(`/cart/lines/${CABLE}`, { quantity: "2" }, { cookie });
    const wrong = await sendForm("/checkout", { ...fields, city: " " }, { cookie });
    expect(agreedIn(await wrong.text())).toEqual({ agreed: fields.agreed, totals: fields.totals });
  });

  test("without a shipping method, or with one there is not, asks for it", async () => {
    const { cookie, fields } = await filledCart();
    for (const shippingMethod of ["", "overnight"]) {
      const answer = await sendForm("/checkout", { ...fields, shippingMethod }, { cookie });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain('<a href="#shipping-method-1">Shipping</a>');
    }
  });

  test("asks to agree to the total where a tax is added at the address, and places the order at that total", async () => {
    const { cookie, fields } = await filledCart();
    const there = { ...fields, region: "Washington", postalCode: "98101" };
    const first = await sendForm("/checkout", there, { cookie });
    const page = await first.text();
    expect(first.status).toBe(409);
    // 6.5% of $19.00, and nothing on shipping.
    for (const text of ["Shipping and taxes for your address", "$38.00", "$39.24", "Sales tax 6.5%"])
      expect(page).toContain(text);
    const order = await sendForm("/checkout", { ...there, ...agreedIn(page) }, { cookie });
    expect(order.status).toBe(303);
    const shown = await send(`/orders/${orderIdOf(order)}`, {
      headers: { cookie: `${cookie}; ${cookiesOf(order)}` },
    });
    expect(await shown.text()).toMatch(/Sales tax 6\.5%[^]*\$1\.24[^]*\$39\.24/);
  });

  test("shows the totals of the country and region its own script asks for", async () => {
    const { cookie } = await filledCart();
    const at = async (query: string) =>
      await (await send(`/checkout?${query}`, { headers: { cookie } })).text();
    expect(agreedIn(await at("country=US&region=WA")).totals).toBe("standard=2024 express=3924");
    expect(agreedIn(await at("country=GB&region=")).totals).toBe("courier=2600");
    expect(await at("country=DE&region=")).toMatch(/Includes VAT 19%/);
    expect(agreedIn(await at("country=XX&region=")).totals).toBe("standard=1900 express=3800");
  });

  test("asks for another country where the store does not ship, and for a state that taxes depend on", async () => {
    const { cookie, fields } = await filledCart();
    const france = { ...fields, country: "FR", region: "", postalCode: "75001" };
    const elsewhere = await sendForm("/checkout", france, { cookie });
    expect([elsewhere.status, (await elsewhere.text()).includes('href="#field-country"')]).toEqual([
      422,
      true,
    ]);
    const nowhere = await sendForm("/checkout", { ...fields, region: "Springfield" }, { cookie });
    expect([nowhere.status, (await nowhere.text()).includes('href="#field-region"')]).toEqual([422, true]);
  });

  test("says in a shopper's words that a form could not be read", async () => {
    const response = await send("/checkout", {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=x", "sec-fetch-site": "same-origin" },
      body: "--x--",
    });
    expect(response.status).toBe(415);
    const page = await response.text();
    expect([page.includes("This form could not be read"), page.includes("JSON")]).toEqual([true, false]);
  });

  test("of an empty cart leads to the cart", async () => {
    const response = await sendForm("/checkout", form);
    expect([response.status, response.headers.get("location")]).toEqual([303, "/cart"]);
  });
});

describe("an order that ended unpaid", () => {
  /** A browser whose order of some cables was placed from its cart, and cancelled. */
  async function endedOrder(quantity: number) {
    const added = await sendForm("/cart/lines", { sku: CABLE, quantity: String(quantity) });
    const cart = cookiesOf(added);
    const order = await placed(newOrder(CABLE, quantity));
    const cookie = `${cart}; __Host-orders=${order.orderId}.${order.token}`;
    const path = `/orders/${order.orderId}`;
    return { order, path, cookie, cancel: () => sendForm(`${path}/cancel`, {}, { cookie }) };
  }

  test("puts its items back into the cart with one press, and leads to checkout", async () => {
    const { path, cookie, cancel } = await endedOrder(2);
    await cancel();
    await sendForm(`/cart/lines/${CABLE}`, { quantity: "1" }, { cookie });
    expect(await (await send(path, { headers: { cookie } })).text()).toContain(`action="${path}/again"`);
    const back = await sendForm(`${path}/again`, {}, { cookie });
    expect([back.status, back.headers.get("location")]).toEqual([303, "/checkout"]);
    const read = CartView.parse(await (await send("/api/cart", { headers: { cookie } })).json());
    expect(read.lines).toMatchObject([{ sku: CABLE, quantity: 2 }]);
  });

  test("gives a browser without a cart one cart for all its lines", async () => {
    const order = await placed({
      ...newOrder(),
      lines: [
        { sku: CABLE, quantity: 3 },
        { sku: PHONE, quantity: 1 },
      ],
    });
    const cookie = `__Host-orders=${order.orderId}.${order.token}`;
    await sendForm(`/orders/${order.orderId}/cancel`, {}, { cookie });
    const back = await sendForm(`/orders/${order.orderId}/again`, {}, { cookie });
    const headers = { cookie: cookiesOf(back) };
    const read = CartView.parse(await (await send("/api/cart", { headers })).json());
    expect(read.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      [CABLE, 3],
      [PHONE, 1],
    ]);
  });

  test("leads to the cart, which says so, where its items cannot all be had", async () => {
    const { path, cookie, cancel } = await endedOrder(1);
    await cancel();
    // More than one customer may have of it: this line stands in the way.
    await sendJson(
      "PUT",
      `/api/cart/lines/${PHONE}`,
      { quantity: 2 },
      { cookie, "sec-fetch-site": "same-origin" },
    );
    const back = await sendForm(`${path}/again`, {}, { cookie });
    expect(back.headers.get("location")).toBe("/cart?back=part");
    expect(await (await send("/cart?back=part", { headers: { cookie } })).text()).toContain(
      "Not all of it can be ordered now.",
    );
  });

  test("is the only one that can: an open order leads to its page, a stranger's is not there", async () => {
    const { path, cookie } = await endedOrder(1);
    expect((await sendForm(`${path}/again`, {}, { cookie })).headers.get("location")).toBe(path);
    expect((await sendForm(`${path}/again`, {})).status).toBe(404);
  });
});
