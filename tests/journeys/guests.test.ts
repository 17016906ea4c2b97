/** Guests and what becomes of theirs: orders and carts that an account takes over, links to orders, orders looked up. */
import { beforeAll, describe, expect, it } from "vitest";
import { ATTEMPT_RULES } from "../../src/adapters/accounts/attempt-limits.ts";
import { CartView, ProductList } from "../../src/contracts/catalog.ts";
import type { PlacedOrder } from "../../src/contracts/orders.ts";
import type { Shopper } from "../../src/contracts/shopper.ts";
import { orderNumber } from "../../src/domain/order/number.ts";
import { BrowserJar, confirmEmail, linkInMail } from "../harness/browser-jar.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { newEmail, type Answer } from "../harness/store.ts";
import { countAttempts } from "../security/redis-side.ts";

const store = sharedStore();

const PASSWORD = "a long and private one";
const SESSION_COPY = "__Host-session-copy";

async function signUp(browser: BrowserJar, email: string): Promise<void> {
  const answer = await browser.post("/api/auth/sign-up/email", {
    name: "Ada Lovelace",
    email,
    password: PASSWORD,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}
/** A browser signed in to a new account. */
async function signedUp(browser = new BrowserJar(store), email = newEmail()): Promise<[BrowserJar, string]> {
  await signUp(browser, email);
  await confirmEmail(store, browser, { email, password: PASSWORD });
  return [browser, email];
}
async function signIn(browser: BrowserJar, email: string): Promise<void> {
  expect((await browser.post("/api/auth/sign-in/email", { email, password: PASSWORD })).status).toBe(200);
}
const signOut = (browser: BrowserJar): Promise<Answer> => browser.post("/api/auth/sign-out");

async function put(browser: BrowserJar, sku: string, quantity: number): Promise<void> {
  expect((await browser.request("PUT", `/api/cart/lines/${sku}`, { quantity })).status).toBe(200);
}
async function cartOf(browser: BrowserJar): Promise<CartView> {
  return CartView.parse((await browser.get("/api/cart")).body);
}
const linesOf = ({ lines }: CartView): [sku: string, quantity: number][] =>
  lines.map(({ sku, quantity }) => [sku, quantity]);
const shopperOf = async (browser: BrowserJar): Promise<Shopper> =>
  (await browser.get("/api/shopper")).body as Shopper;
/** SKUs to fill carts with; nobody buys them. */
async function anySkus(count: number): Promise<string[]> {
  const { items } = ProductList.parse((await store.request("GET", "/api/products?limit=100")).body);
  return items.flatMap(({ skus }) => skus.map(({ sku }) => sku)).slice(0, count);
}

/** Once Postgres has the order and its address. */
async function persisted({ orderId }: PlacedOrder): Promise<void> {
  await store.rowsWhere(
    "the order to be in Postgres",
    ["select 1 from orders join order_contacts using (order_id) where order_id = $1", [orderId]],
    (rows) => rows.length === 1,
  );
}
const untilOwned = ({ orderId }: PlacedOrder, email: string): Promise<unknown> =>
  store.rowsWhere(
    "the order to be the account's",
    [
      "select 1 from orders join users on users.id = orders.account_id where order_id = $1 and users.email = $2",
      [orderId, email],
    ],
    (rows) => rows.length === 1,
  );

interface PlacedBefore {
  readonly order: PlacedOrder;
  readonly email: string;
  readonly sku: string;
}
/** Placed before everything else, so that Postgres has them once they are asked for. */
let toLookUp: PlacedBefore;
let toClaim: PlacedBefore;
beforeAll(async () => {
  const sku = await store.stock.plenty();
  const place = async (email: string, typed: string): Promise<PlacedBefore> => ({
    order: await store.placed({ lines: [{ sku, quantity: 1 }], email: typed }),
    email,
    sku,
  });
  const [one, other] = [newEmail(), newEmail()];
  [toLookUp, toClaim] = await Promise.all([place(one, one), place(other, other.toUpperCase())]);
});

describe("carts", () => {
  it("of a browser and of the account become one, wherever somebody signs in; signing out leaves an empty one", async () => {
    const [phone, cable, case_] = (await anySkus(3)) as [string, string, string];
    const laptop = new BrowserJar(store);
    await put(laptop, phone, 1);
    await put(laptop, cable, 2);
    const [, email] = await signedUp(laptop);
    expect(await shopperOf(laptop)).toEqual({ cartCount: 3, name: "Ada Lovelace", wishlist: [] });
    expect(laptop.cookies.has("__Host-cart")).toBe(false);

    const tablet = new BrowserJar(store);
    await put(tablet, cable, 9);
    await put(tablet, case_, 1);
    await signIn(tablet, email);
    const merged = [
      [phone, 1],
      [cable, 10],
      [case_, 1],
    ];
    expect(linesOf(await cartOf(tablet))).toEqual(merged);
    // Nothing comes twice, and the other browser has it too.
    expect(linesOf(await cartOf(tablet))).toEqual(merged);
    expect(linesOf(await cartOf(laptop))).toEqual(merged);

    await signOut(tablet);
    expect(await shopperOf(tablet)).toEqual({ cartCount: 0, name: null, wishlist: [] });
    expect(tablet.cookies.has("__Host-shopper")).toBe(false);
    await put(tablet, phone, 1);
    expect(linesOf(await cartOf(laptop))).toEqual(merged);
  });

  it("that hold more than fits let the rest wait, say so, and take it in once there is room", async () => {
    const skus = await anySkus(12);
    const [browser, email] = await signedUp();
    for (const sku of skus.slice(0, 10)) await put(browser, sku, 1);
    const guest = new BrowserJar(store);
    for (const sku of skus.slice(9)) await put(guest, sku, 2);
    await signIn(guest, email);
    const full = await cartOf(guest);
    expect(linesOf(full).map(([sku]) => sku)).toEqual(skus.slice(0, 10));
    expect(linesOf(full).at(-1)).toEqual([skus[9], 3]);
    expect(full.waiting?.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      [skus[10], 2],
      [skus[11], 2],
    ]);
    expect((await guest.get("/cart")).body).toContain("Your cart is full");
    await guest.request("DELETE", `/api/cart/lines/${skus[0] ?? ""}`);
    const { lines, waiting } = await cartOf(browser);
    expect(lines.at(-1)).toMatchObject({ sku: skus[10], quantity: 2 });
    expect(waiting?.map(({ sku }) => sku)).toEqual([skus[11]]);
  });

  it("that an order was placed from keep it to be paid first; its items leave the account's cart once it is paid", async () => {
    const sku = await store.stock.skuWith(5, { unlimited: true });
    const [other = ""] = (await anySkus(100)).filter((candidate) => candidate !== sku);
    const [elsewhere, email] = await signedUp();
    await put(elsewhere, other, 1);
    await put(elsewhere, sku, 1);

    const browser = new BrowserJar(store);
    await put(browser, sku, 2);
    const typed = {
      email,
      name: "Ada",
      line1: "1 Main St",
      city: "Springfield",
      region: "IL",
      postalCode: "62701",
      country: "US",
      shippingMethod: "standard",
    };
    const placed = await browser.checkOut(typed);
    expect(placed.status).toBe(303);
    const [, orderId = ""] = /^\/orders\/(\w+)\/pay$/.exec(placed.headers.get("location") ?? "") ?? [];
    await signIn(browser, email);

    const cart = await browser.get("/cart");
    expect(cart.body).toContain("An order of yours is waiting to be paid");
    expect(cart.body).toContain(`/orders/${orderId}/pay`);
    expect(linesOf(await cartOf(browser))).toEqual([
      [other, 1],
      [sku, 3],
    ]);
    const again = await browser.checkOut(typed);
    expect([again.status, again.body]).toEqual([409, expect.stringContaining(orderId) as string]);
    await store.stock.until(sku, { held: 2 });

    const token = /(?:^|~)\w+\.([\w-]+)$/.exec(browser.cookies.get("__Host-orders") ?? "")?.[1] ?? "";
    await store.pay({ orderId, token });
    await store.until({ orderId, token }, "paid");
    expect((await browser.get(`/orders/${orderId}`)).status).toBe(200);
    expect(linesOf(await cartOf(browser))).toEqual([
      [other, 1],
      [sku, 1],
    ]);
    // Once.
    await browser.get(`/orders/${orderId}`);
    expect(linesOf(await cartOf(elsewhere))).toEqual([
      [other, 1],
      [sku, 1],
    ]);
  });
});

describe("a browser that was signed out from elsewhere", () => {
  it("has no name, no cart and no right of the account's any more", async () => {
    const [thief, email] = await signedUp();
    const [sku = ""] = await anySkus(1);
    await put(thief, sku, 1);
    expect(thief.cookies.has("__Host-shopper")).toBe(true);
    const owner = new BrowserJar(store);
    await signIn(owner, email);
    expect((await owner.post("/api/auth/revoke-other-sessions")).status).toBe(200);
    // What its copy would be after its 15 minutes.
    thief.forget(SESSION_COPY);
    expect(await shopperOf(thief)).toEqual({ cartCount: 0, name: null, wishlist: [] });
    expect(thief.cookies.has("__Host-shopper")).toBe(false);
    expect((await shopperOf(owner)).cartCount).toBe(1);
  });
});

describe("an order's link", () => {
  it("is swapped for a cookie before anything else sees the token", async () => {
    const sku = await store.stock.plenty();
    const { orderId, token } = await store.placed({ lines: [{ sku, quantity: 1 }] });
    const browser = new BrowserJar(store);
    for (const page of [`/orders/${orderId}`, `/orders/${orderId}/pay`]) {
      const swapped = await browser.get(`${page}?token=${token}&payment=submitted`);
      expect([swapped.status, swapped.headers.get("location")]).toEqual([303, `${page}?payment=submitted`]);
      expect(swapped.headers.get("cache-control")).toContain("no-store");
      expect(swapped.headers.get("referrer-policy")).toBe("no-referrer");
      expect(swapped.body).not.toContain(token);
      const cookie = swapped.headers.getSetCookie().find((line) => line.startsWith("__Host-orders="));
      expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
    }
    expect((await browser.get(`/orders/${orderId}`)).status).toBe(200);
    expect((await browser.get(`/api/orders/${orderId}`)).status).toBe(200);
  });

  it("opens its own order only, and nothing where a character is another", async () => {
    const sku = await store.stock.plenty();
    const mine = await store.placed({ lines: [{ sku, quantity: 1 }] });
    const another = await store.placed({ lines: [{ sku, quantity: 1 }] });
    const browser = new BrowserJar(store);
    const broken = mine.token.slice(0, -1) + (mine.token.endsWith("A") ? "B" : "A");
    for (const token of [another.token, broken, "", "%00", "a".repeat(3_000)]) {
      const answer = await browser.get(`/orders/${mine.orderId}?token=${token}`);
      expect([token.slice(0, 40), answer.status, answer.headers.getSetCookie()]).toEqual([
        token.slice(0, 40),
        404,
        [],
      ]);
    }
    expectProblem(await store.read({ orderId: mine.orderId, token: another.token }), "not_found");
  });
});

describe("an order that is looked up", () => {
  const lookUp = (browser: BrowserJar, number: string, email: string) =>
    browser.post("/api/orders/lookup", { number, email });

  it("is never shown: its link goes to its own address, and every answer is the same", async () => {
    const { order, email, sku } = toLookUp;
    await persisted(order);
    const number = orderNumber(order.orderId);
    const [stranger, another] = [newEmail(), newEmail()];
    await store.placed({ lines: [{ sku, quantity: 1 }], email: another });

    const answers: Answer[] = [];
    for (const [typed, address] of [
      [number, stranger],
      ["0000-0000", email],
      [number, another],
      [` ${number.toLowerCase().replace("-", " ")} `, ` ${email.toUpperCase()}`],
    ] as const) {
      answers.push(await lookUp(new BrowserJar(store), typed, address));
    }
    for (const answer of answers) {
      expect([answer.status, answer.body]).toEqual([202, answers[0]?.body]);
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }

    const link = await linkInMail(store, email, `Your link to Holdfast order ${number}`);
    const browser = new BrowserJar(store);
    expect((await browser.get(link)).headers.get("location")).toBe(`/orders/${order.orderId}`);
    expect((await browser.get(`/orders/${order.orderId}`)).status).toBe(200);
    // The one that was asked for last has arrived: so would the others have.
    expect(await store.mailTo(email)).toEqual([`Your link to Holdfast order ${number}`]);
    expect([await store.mailTo(stranger), await store.mailTo(another)]).toEqual([[], []]);
  });

  it("works on the page without JavaScript, and says what was mistyped", async () => {
    const browser = new BrowserJar(store);
    expect((await browser.get("/orders/find")).status).toBe(200);
    const wrong = await browser.submit("/orders/find", { number: "12", email: "ada" });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toContain("like ABCD-1234");
    expect(wrong.body).toContain('value="ada"');
    const caught = await browser.submit("/orders/find", {
      number: "abcd 1234",
      email: newEmail(),
      "cf-turnstile-response": "no token",
    });
    expect(caught.status).toBe(403);
    expect(caught.body).toContain("We could not tell that you are a person");
    expect(caught.body).toContain('value="abcd 1234"');
    const asked = await browser.submit("/orders/find", { number: "abcd 1234", email: newEmail() });
    expect([asked.status, asked.headers.get("location")]).toEqual([303, "/orders/find?asked=1"]);
    expect((await browser.get("/orders/find?asked=1")).body).toContain("If there is an order");
  });

  it("can be asked for only so often: for one order, for one address, and from one network", async () => {
    const [number, email] = ["abcd-0001", newEmail()];
    const perSubject: number[] = [];
    for (let time = 0; time < 6; time++)
      perSubject.push((await lookUp(new BrowserJar(store), number, newEmail())).status);
    expect(perSubject).toEqual([202, 202, 202, 202, 202, 429]);
    const perAddress: number[] = [];
    for (let time = 0; time < 6; time++)
      perAddress.push((await lookUp(new BrowserJar(store), `abcd-001${String(time)}`, email)).status);
    expect(perAddress).toEqual([202, 202, 202, 202, 202, 429]);
    // An address that no other test comes from: it has had its share for a quarter of an hour.
    const browser = new BrowserJar(store, "192.0.2.77");
    // Each lookup comes with a token, as forms send it, so it counts among those of proven persons.
    const { perNetworkProven } = ATTEMPT_RULES.lookup;
    await countAttempts(store, `lookup:proven:${browser.address}`, perNetworkProven - 1);
    expect((await lookUp(browser, "abcd-0998", newEmail())).status).toBe(202);
    expectProblem(await lookUp(browser, "abcd-0999", newEmail()), "rate_limited");
  });

  it("takes a number and an address, and nothing else", async () => {
    const browser = new BrowserJar(store);
    for (const body of [
      { number: "abcd-1234" },
      { number: "abcd", email: newEmail() },
      { number: "abcd-1234", email: "ada" },
      { number: "abcd-1234", email: newEmail(), orderId: "x" },
    ])
      expectProblem(await browser.post("/api/orders/lookup", body), "validation_failed");
  });
});

describe("a guest's orders", () => {
  it("become the account's once the address is proven, and not before; later ones at the next sign-in", async () => {
    const { order, email } = toClaim;
    await persisted(order);
    const browser = new BrowserJar(store);
    await signUp(browser, email);
    expectProblem(await browser.get(`/api/orders/${order.orderId}`), "not_found");
    const owners = await store.rows<{ account_id: string | null }>(
      "select account_id from orders where order_id = $1",
      [order.orderId],
    );
    expect(owners).toEqual([{ account_id: null }]);

    await confirmEmail(store, browser, { email, password: PASSWORD });
    await untilOwned(order, email);
    expect((await browser.get(`/api/orders/${order.orderId}`)).status).toBe(200);

    // One that Postgres got to know since.
    await store.rows("update orders set account_id = null where order_id = $1", [order.orderId]);
    await signIn(browser, email);
    await untilOwned(order, email);

    const [stranger] = await signedUp();
    expectProblem(await stranger.get(`/api/orders/${order.orderId}`), "not_found");
  });
});
