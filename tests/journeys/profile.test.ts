/** What somebody with an account keeps here: name, addresses, orders, wish list; taking it away, and leaving. */
import { randomUUID } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import type {
  Address,
  AddressList,
  OwnOrderList,
  WishedSkus,
  Wishlist,
} from "../../src/contracts/profile.ts";
import { waitFor } from "../../local/process/wait-for.ts";
import type { CartView } from "../../src/contracts/catalog.ts";
import type { PlacedOrder } from "../../src/contracts/orders.ts";
import { BrowserJar, confirmEmail } from "../harness/browser-jar.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS, newEmail, orderBody } from "../harness/store.ts";

const store = sharedStore();
const PASSWORD = "a long and private one";
const HOME = {
  name: "Ada Lovelace",
  line1: "1 Main St",
  city: "Springfield",
  region: "IL",
  postalCode: "62701",
  country: "US",
};

/** A browser signed in to an account of its own. */
async function signedIn(): Promise<{ browser: BrowserJar; email: string }> {
  const browser = new BrowserJar(store);
  const email = newEmail();
  const made = await browser.post("/api/auth/sign-up/email", { name: "Ada", email, password: PASSWORD });
  expect(made.status, JSON.stringify(made.body)).toBe(200);
  await confirmEmail(store, browser, { email, password: PASSWORD });
  return { browser, email };
}

/** An order placed by a browser, over the API. */
async function order(browser: BrowserJar, sku: string, email = newEmail()): Promise<PlacedOrder> {
  const answer = await browser.request(
    "POST",
    "/api/orders",
    orderBody({ lines: [{ sku, quantity: 1 }], email }),
    {
      "idempotency-key": randomUUID(),
    },
  );
  expect(answer.status).toBe(201);
  return answer.body as PlacedOrder;
}

async function inHistory(browser: BrowserJar, orderId: string): Promise<OwnOrderList["items"][number]> {
  await store.rowsWhere(
    `order ${orderId} in Postgres`,
    ["select 1 from orders where order_id = $1", [orderId]],
    (rows) => rows.length > 0,
  );
  const { items } = (await browser.get("/api/me/orders")).body as OwnOrderList;
  const found = items.find((item) => item.orderId === orderId);
  if (found === undefined) throw new Error("not among one's own orders");
  return found;
}

const NOBODYS = "00000000-0000-4000-8000-000000000000";

describe.concurrent("nobody signed in", () => {
  it("has no profile: every route says so and changes nothing", async () => {
    const browser = new BrowserJar(store);
    const asked: readonly (readonly [string, string, unknown?])[] = [
      ["GET", "/api/me"],
      ["PATCH", "/api/me", { name: "Eve" }],
      ["DELETE", "/api/me"],
      ["GET", "/api/me/export"],
      ["GET", "/api/me/orders"],
      ["GET", "/api/me/addresses"],
      ["POST", "/api/me/addresses", HOME],
      ["PATCH", `/api/me/addresses/${NOBODYS}`, { name: "Eve" }],
      ["DELETE", `/api/me/addresses/${NOBODYS}`],
      ["GET", "/api/wishlist"],
      ["PUT", "/api/wishlist/AURORA-PRO-256-GRAPHITE"],
      ["DELETE", "/api/wishlist/AURORA-PRO-256-GRAPHITE"],
    ];
    for (const [method, path, body] of asked)
      expectProblem(await browser.request(method, path, body), "unauthorised");
  });
});

describe.concurrent("a profile", () => {
  it("bears one's name, which is all of it that can be written", async () => {
    const { browser, email } = await signedIn();
    expect((await browser.get("/api/me")).body).toMatchObject({ name: "Ada", email, emailVerified: true });
    for (const extra of [
      { email: "eve@example.com" },
      { emailVerified: false },
      { id: "1" },
      { role: "admin" },
    ])
      expectProblem(
        await browser.request("PATCH", "/api/me", { name: "Eve", ...extra }),
        "validation_failed",
      );
    const renamed = await browser.request("PATCH", "/api/me", { name: " Augusta Ada " });
    expect(renamed.body).toMatchObject({ name: "Augusta Ada", email });
    expect((await browser.get("/api/shopper")).body).toMatchObject({ name: "Augusta Ada" });
    expect((await browser.get("/api/me")).headers.get("cache-control")).toContain("no-store");
  });

  it("keeps addresses as their country has them, one of them the default", async () => {
    const { browser } = await signedIn();
    const wrong = expectProblem(
      await browser.post("/api/me/addresses", { ...HOME, postalCode: "SW1A 1AA", region: "" }),
      "validation_failed",
    );
    expect(wrong.errors?.map(({ path }) => path)).toEqual(["postalCode", "region"]);
    const first = (await browser.post("/api/me/addresses", HOME)).body as Address;
    expect(first).toMatchObject({ ...HOME, line2: "", isDefault: true });
    const london = { ...HOME, region: "", city: "London", postalCode: "SW1A 1AA", country: "GB" };
    const second = (await browser.post("/api/me/addresses", { ...london, isDefault: true })).body as Address;
    expectProblem(
      await browser.request("PATCH", `/api/me/addresses/${second.id}`, { country: "US" }),
      "validation_failed",
    );
    const moved = await browser.request("PATCH", `/api/me/addresses/${second.id}`, { postalCode: "E1 6AN" });
    expect(moved.body).toMatchObject({ ...london, postalCode: "E1 6AN", isDefault: true });
    expect((await browser.request("DELETE", `/api/me/addresses/${second.id}`)).status).toBe(204);
    const { items } = (await browser.get("/api/me/addresses")).body as AddressList;
    expect(items).toEqual([{ ...first, isDefault: true }]);
  });

  it("shows another customer's things to nobody: their ids are as good as none", async () => {
    const ada = await signedIn();
    const eve = await signedIn();
    const { id } = (await ada.browser.post("/api/me/addresses", HOME)).body as Address;
    const { orderId } = await order(ada.browser, await store.stock.plenty());
    await inHistory(ada.browser, orderId);
    expectProblem(
      await eve.browser.request("PATCH", `/api/me/addresses/${id}`, { name: "Eve", isDefault: true }),
      "not_found",
    );
    expectProblem(await eve.browser.request("DELETE", `/api/me/addresses/${id}`), "not_found");
    for (const path of ["", "/payment", "/cancel", "/reorder"]) {
      const method = path === "" ? "GET" : "POST";
      expectProblem(await eve.browser.request(method, `/api/orders/${orderId}${path}`), "not_found");
    }
    expect((await eve.browser.get(`/orders/${orderId}`)).status).toBe(404);
    expect(((await eve.browser.get("/api/me/orders")).body as OwnOrderList).items).toEqual([]);
    const query = `/api/me/orders?query=${orderId}`;
    expect(((await eve.browser.get(query)).body as OwnOrderList).items).toEqual([]);
    const { items } = (await ada.browser.get("/api/me/addresses")).body as AddressList;
    expect(items).toMatchObject([{ id, name: "Ada Lovelace", isDefault: true }]);
  });
});

describe.concurrent("the order history", () => {
  it("has what was ordered signed in, which needs no token, and is searched by number, name and SKU", async () => {
    const { browser } = await signedIn();
    const sku = await store.stock.plenty();
    const { orderId } = await order(browser, sku);
    expect((await browser.get(`/api/orders/${orderId}`)).status).toBe(200);
    const shown = await inHistory(browser, orderId);
    expect(shown).toMatchObject({ status: "reserved", lines: [{ sku, quantity: 1 }] });
    for (const query of [shown.number, sku.toLowerCase(), shown.lines[0]?.name ?? ""]) {
      const { items } = (await browser.get(`/api/me/orders?query=${encodeURIComponent(query)}`))
        .body as OwnOrderList;
      expect([query, items.map((item) => item.orderId)]).toEqual([query, [orderId]]);
    }
    expect(((await browser.get("/api/me/orders?query=nothing")).body as OwnOrderList).items).toEqual([]);
    expectProblem(await browser.get("/api/me/orders?cursor=%3F"), "validation_failed");
    expectProblem(await browser.get("/api/me/orders?limit=101"), "validation_failed");
  });

  it("has guest orders of one's confirmed address, to be opened and ordered again", async () => {
    const { browser, email } = await signedIn();
    const sku = await store.stock.plenty();
    const { orderId } = await order(new BrowserJar(store), sku, email);
    await inHistory(browser, orderId);
    expect((await browser.get(`/api/orders/${orderId}`)).status).toBe(200);
    expect((await browser.get(`/orders/${orderId}`)).status).toBe(200);
    expect((await browser.post(`/api/orders/${orderId}/reorder`)).body).toEqual({ complete: true });
    const cart = (await browser.get("/api/cart")).body as CartView;
    expect(cart.lines).toMatchObject([{ sku, quantity: 1 }]);
  });
});

describe.concurrent("the wish list", () => {
  it("remembers SKUs once, newest first, and forgets them", async () => {
    const { browser } = await signedIn();
    const [first, second] = [await store.stock.plenty(0), await store.stock.plenty(1)];
    await browser.request("PUT", `/api/wishlist/${first}`);
    await browser.request("PUT", `/api/wishlist/${second}`);
    const again = await browser.request("PUT", `/api/wishlist/${first}`);
    expect((again.body as WishedSkus).skus).toEqual([second, first]);
    expectProblem(await browser.request("PUT", "/api/wishlist/NO-SUCH-SKU"), "validation_failed");
    const { items } = (await browser.get("/api/wishlist?limit=1")).body as Wishlist;
    expect(items).toMatchObject([{ sku: second, product: { status: expect.any(String) as string } }]);
    // The page's own question does not wait for them where the machine is busy; the next one brings them.
    await vi.waitFor(
      async () =>
        expect((await browser.get("/api/shopper")).body).toMatchObject({ wishlist: [second, first] }),
      { timeout: EVENTUALLY_MS, interval: 100 },
    );
    const left = await browser.request("DELETE", `/api/wishlist/${second}`);
    expect(left.body).toEqual({ skus: [first] });
  });
});

describe.concurrent("leaving", () => {
  it("takes everything along first, as a file without secrets", async () => {
    const { browser, email } = await signedIn();
    await browser.post("/api/me/addresses", HOME);
    const file = await browser.get("/api/me/export");
    expect(file.headers.get("content-disposition")).toMatch(/^attachment; filename="holdfast-[\d-]+\.json"$/);
    expect(file.body).toMatchObject({
      complete: true,
      account: { email, addresses: [{ line1: "1 Main St" }], sessions: [{ ipAddress: browser.address }] },
      orders: [],
      cart: [],
    });
    expect(JSON.stringify(file.body)).not.toMatch(/password|token|scrypt/i);
  });

  it("wants a sign-in of the last hour", async () => {
    const { browser, email } = await signedIn();
    const [session] = await store.rows<{ token: string }>(
      `update sessions set created_at = now() - interval '61 minutes'
       where user_id = (select id from users where email = $1) returning token`,
      [email],
    );
    const { redis, redisToken } = store.endpoints;
    await fetch(redis, {
      method: "POST",
      headers: { authorization: `Bearer ${redisToken}` },
      body: JSON.stringify(["DEL", `account:${session?.token ?? ""}`]),
    });
    // The copy in the cookie still says otherwise, and may not open this door.
    expectProblem(await browser.request("DELETE", "/api/me"), "sign_in_again");
    expect((await browser.get("/api/me")).status).toBe(200);
  });

  it("removes the person everywhere: sessions, things, and from orders, which stay", async () => {
    const { browser, email } = await signedIn();
    const other = new BrowserJar(store);
    await other.post("/api/auth/sign-in/email", { email, password: PASSWORD });
    await browser.post("/api/me/addresses", HOME);
    const sku = await store.stock.skuWith(2);
    await browser.request("PUT", `/api/wishlist/${sku}`);
    await browser.request("PUT", `/api/cart/lines/${sku}`, { quantity: 1 });
    const right = await order(browser, sku, email);
    await inHistory(browser, right.orderId);
    const [person] = await store.rows<{ id: string }>("select id from users where email = $1", [email]);

    expect((await browser.request("DELETE", "/api/me")).status).toBe(204);
    expect([...browser.cookies.keys()].filter((name) => name.startsWith("__Host-session"))).toEqual([]);
    expectProblem(await browser.get("/api/me"), "unauthorised");
    // Elsewhere the copy in the cookie lives on for a while; there is nothing left for it to show or change.
    expectProblem(await other.get("/api/me"), "unauthorised");
    expectProblem(await other.post("/api/me/addresses", HOME), "unauthorised");
    other.forget("__Host-session-copy");
    expect((await other.get("/api/auth/get-session")).body).toBeNull();
    expectProblem(
      await other.post("/api/auth/sign-in/email", { email, password: PASSWORD }),
      "invalid_credentials",
    );

    for (const table of ["addresses", "wishlist_items", "sessions", "identities", "passkeys"])
      expect([table, await store.rows(`select 1 from ${table} where user_id = $1`, [person?.id])]).toEqual([
        table,
        [],
      ]);
    await store.rowsWhere(
      "the order without the person",
      [
        `select o.account_id, c.email, c.shipping_address, c.erased_at is not null as erased
         from orders o join order_contacts c using (order_id) where order_id = $1`,
        [right.orderId],
      ],
      ([row]) =>
        JSON.stringify(row) ===
        JSON.stringify({ account_id: null, email: null, shipping_address: null, erased: true }),
    );
    // Nobody is left to pay: the reservation ended, and its token still leads to what remains.
    expect(await store.order(right)).toMatchObject({ status: "cancelled" });
    expect(await store.stock.figures(sku)).toMatchObject({ available: 2, held: 0 });
  });
});

describe.concurrent("the profile's pages", () => {
  it("ask whoever is not signed in to sign in, and lead back", async () => {
    const browser = new BrowserJar(store);
    for (const page of ["orders", "addresses", "addresses/new", "wishlist", "data"]) {
      const path = `/account/${page}`;
      const { status, headers } = await browser.get(path);
      expect([status, headers.get("location")]).toEqual([
        303,
        `/account/sign-in?next=${encodeURIComponent(path)}`,
      ]);
    }
    const sku = "AURORA-PRO-256-GRAPHITE";
    const wished = await browser.submit("/account/wishlist", { sku });
    expect(wished.headers.get("location")).toContain(encodeURIComponent(`/products/aurora-pro?sku=${sku}`));
    expect((await browser.submit("/account/data/delete", { agreed: "yes" })).status).toBe(303);
  });

  it("keep an address by a form, in words for people, and begin the checkout with it", async () => {
    const { browser, email } = await signedIn();
    const wrong = await browser.submit("/account/addresses", { ...HOME, postalCode: "627", region: "" });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toContain("Check the ZIP code.");
    expect(wrong.body).toContain("Enter the state.");
    expect((await browser.submit("/account/addresses", HOME)).headers.get("location")).toBe(
      "/account/addresses?said=address_added",
    );
    const list = await browser.get("/account/addresses");
    expect(list.headers.get("cache-control")).toBe("private, no-store");
    const [, path = ""] = /href="(\/account\/addresses\/[0-9a-f-]{36})"/.exec(String(list.body)) ?? [];
    await browser.submit(path, { ...HOME, line1: "2 Main St" });
    await browser.request("PUT", `/api/cart/lines/${await store.stock.plenty()}`, { quantity: 1 });
    // Buying does not wait for Postgres, so a busy one leaves the address to be typed.
    const body = await waitFor(
      async () => {
        const page = String((await browser.get("/checkout")).body);
        return page.includes('value="2 Main St"') && page;
      },
      { what: "the address in the checkout", timeoutMs: EVENTUALLY_MS },
    );
    expect(body).toContain(`value="${email}"`);
    expect(body).toContain('value="62701"');
    const eve = await signedIn();
    for (const [method, below] of [
      ["GET", ""],
      ["POST", ""],
      ["POST", "/remove"],
      ["POST", "/default"],
    ] as const) {
      const answer =
        method === "GET"
          ? await eve.browser.get(path)
          : await eve.browser.submit(path + below, { ...HOME, name: "Eve" });
      expect([method, below, answer.status]).toEqual([method, below, 404]);
    }
    expect((await browser.get("/account/addresses")).body).not.toContain("Eve");
    expect((await browser.submit(`${path}/remove`, {})).status).toBe(303);
    expect((await browser.get("/account/addresses")).body).not.toContain("2 Main St");
  });

  it("keep wishes by a form, and delete the account only where the box is ticked", async () => {
    const { browser, email } = await signedIn();
    const sku = await store.stock.plenty();
    expect((await browser.submit("/account/wishlist", { sku })).status).toBe(303);
    expect((await browser.get("/account/wishlist")).body).toContain(`value="${sku}"`);
    expect((await browser.submit("/account/wishlist/remove", { sku })).status).toBe(303);
    expect((await browser.get("/account/wishlist")).body).toContain("Nothing is on it yet.");
    await browser.submit("/account/data/delete", {});
    expect((await browser.get("/api/me")).body).toMatchObject({ email });
    const gone = await browser.submit("/account/data/delete", { agreed: "yes" });
    expect([gone.status, String(gone.body).includes("Your account is deleted")]).toEqual([200, true]);
    expect((await browser.get("/account")).status).toBe(303);
    expect(await store.rows("select 1 from users where email = $1", [email])).toEqual([]);
  });
});
