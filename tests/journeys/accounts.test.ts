/** Accounts: made, confirmed, signed in to and out of, forgotten and found again; and without Redis. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { PlacedOrder } from "../../src/contracts/orders.ts";
import { BrowserJar, confirmEmail, linkInMail } from "../harness/browser-jar.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { ownStore } from "../harness/own-store.ts";
import { expectStatus, newEmail, orderBody, type Store } from "../harness/store.ts";

const running = ownStore();
const store = (): Store => running().store;

const PASSWORD = "a long and private one";

async function signedUp(browser: BrowserJar, email = newEmail()): Promise<string> {
  const answer = await browser.post("/api/auth/sign-up/email", { name: "Ada", email, password: PASSWORD });
  expect(answer.status).toBe(200);
  await confirmEmail(store(), browser, { email, password: PASSWORD });
  return email;
}

const whoIs = async (browser: BrowserJar): Promise<string | null> => {
  const { body } = await browser.get("/api/auth/get-session");
  return (body as { user: { email: string } } | null)?.user.email ?? null;
};

const signIn = (browser: BrowserJar, email: string, password = PASSWORD) =>
  browser.post("/api/auth/sign-in/email", { email, password });

describe("an account", () => {
  it("is nobody's until its address is confirmed, which signs in", async () => {
    const browser = new BrowserJar(store());
    const email = newEmail();
    const made = await browser.post("/api/auth/sign-up/email", { name: "Ada", email, password: PASSWORD });
    expect(made.status).toBe(200);
    expect(await whoIs(browser)).toBeNull();
    expectProblem(await signIn(browser, email), "email_not_verified");
    await confirmEmail(store(), browser, { email, password: PASSWORD });
    expect(await whoIs(browser)).toBe(email);
  });

  it("keeps its cookies to this host, to https and away from scripts", async () => {
    const browser = new BrowserJar(store());
    const email = await signedUp(browser);
    const { headers } = await signIn(browser, email);
    const cookies = headers.getSetCookie();
    expect(cookies.length).toBeGreaterThanOrEqual(3);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-/);
      expect(cookie).toMatch(/; Secure/i);
      // The hint says one thing, and to scripts: that there is something of one's own to ask for.
      if (!cookie.startsWith("__Host-shopper=")) expect(cookie).toMatch(/; HttpOnly/i);
      expect(cookie).toMatch(/; SameSite=Lax/i);
      expect(cookie).toMatch(/; Path=\/(?:;|$)/i);
      expect(cookie).not.toMatch(/domain=/i);
    }
  });

  it("gives another session at every sign-in", async () => {
    const browser = new BrowserJar(store());
    const email = await signedUp(browser);
    const before = browser.cookies.get("__Host-session");
    await signIn(browser, email);
    expect(browser.cookies.get("__Host-session")).not.toBe(before);
  });

  it("is signed out everywhere at once", async () => {
    const phone = new BrowserJar(store());
    const email = await signedUp(phone);
    const laptop = new BrowserJar(store());
    await signIn(laptop, email);
    expect((await laptop.get("/api/auth/list-sessions")).body).toHaveLength(2);
    expect((await laptop.post("/api/auth/revoke-sessions")).status).toBe(200);
    // The copy in the cookie is good for its 15 minutes; the session itself is not.
    phone.forget("__Host-session-copy");
    laptop.forget("__Host-session-copy");
    expect(await whoIs(phone)).toBeNull();
    expect(await whoIs(laptop)).toBeNull();
  });

  it("gets a new password by e-mail, which signs everyone out and works once", async () => {
    const thief = new BrowserJar(store());
    const email = await signedUp(thief);
    const owner = new BrowserJar(store());
    expect((await owner.post("/api/auth/request-password-reset", { email })).status).toBe(200);
    const link = await linkInMail(store(), email, "Choose a new password");
    const token = new URL(link, store().url).searchParams.get("token") ?? "";
    const chosen = { token, newPassword: "another long and private one" };
    expect((await owner.post("/api/auth/reset-password", chosen)).status).toBe(200);
    expectProblem(await owner.post("/api/auth/reset-password", chosen), "link_expired");
    thief.forget("__Host-session-copy");
    expect(await whoIs(thief)).toBeNull();
    expectProblem(await signIn(owner, email), "invalid_credentials");
    expect((await signIn(owner, email, chosen.newPassword)).status).toBe(200);
  });

  it("answers the same whether or not an account exists", async () => {
    const browser = new BrowserJar(store());
    const known = await signedUp(browser);
    const stranger = new BrowserJar(store());
    const answers = async (email: string) => {
      const signUp = await stranger.post("/api/auth/sign-up/email", {
        name: "Eve",
        email,
        password: PASSWORD,
      });
      const reset = await stranger.post("/api/auth/request-password-reset", { email });
      const wrong = await signIn(stranger, email, "not the password at all");
      const shape = ({ status, body }: { status: number; body: unknown }) => ({
        status,
        keys: Object.keys(body as object).sort(),
      });
      return [shape(signUp), shape(reset), shape(wrong)];
    };
    expect(await answers(known)).toEqual(await answers(newEmail()));
  });

  it("takes nothing that is not a client's to say", async () => {
    const browser = new BrowserJar(store());
    for (const extra of [
      { emailVerified: true },
      { id: "1" },
      { role: "admin" },
      { callbackURL: "https://elsewhere.example" },
    ]) {
      const body = { name: "Eve", email: newEmail(), password: PASSWORD, ...extra };
      expectProblem(await browser.post("/api/auth/sign-up/email", body), "validation_failed");
    }
  });

  it("stops guesses at one account, and lets a browser that was signed in to it through", async () => {
    const owner = new BrowserJar(store());
    const email = await signedUp(owner);
    await signIn(owner, email);
    const statuses = new Set<number>();
    for (let guess = 0; guess < 15; guess++)
      statuses.add((await signIn(new BrowserJar(store()), email, `guess number ${String(guess)}`)).status);
    expect(statuses).toEqual(new Set([401, 429]));
    expect((await signIn(owner, email)).status).toBe(200);
  });
});

describe("without Redis", () => {
  it("who is signed in stays so, and signing in is closed", async () => {
    const browser = new BrowserJar(store());
    const email = await signedUp(browser);
    await running().stopPart("redis");
    try {
      expectProblem(await signIn(new BrowserJar(store()), email), "temporarily_unavailable");
      expect(await whoIs(browser)).toBe(email);
      // Without the cookie's copy, Postgres knows.
      browser.forget("__Host-session-copy");
      expect(await whoIs(browser)).toBe(email);
    } finally {
      await running().startPart("redis");
    }
  });

  it("in the middle of a session, buying goes on, ops goes on, and what cannot be counted is closed", async () => {
    const browser = new BrowserJar(store());
    const email = await signedUp(browser);
    const sku = await store().stock.skuWith(5);
    expect((await browser.request("PUT", `/api/cart/lines/${sku}`, { quantity: 1 })).status).toBe(200);
    const somebodysOrder = await store().placed({ lines: [{ sku, quantity: 1 }] });
    await running().stopPart("redis");
    try {
      for (const page of ["/", "/products", "/cart", "/checkout", "/account"])
        expect({ page, status: (await browser.get(page)).status }).toEqual({ page, status: 200 });
      const changed = await browser.request("PUT", `/api/cart/lines/${sku}`, { quantity: 2 });
      expect(changed).toMatchObject({ status: 200, body: { lines: [{ sku, quantity: 2 }] } });

      // Placed in the account, paid, and still its owner's without a token.
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const placed = await store().request("POST", "/api/orders", {
        headers: { "content-type": "application/json", "idempotency-key": randomUUID(), cookie },
        body: JSON.stringify(orderBody({ lines: [{ sku, quantity: 2 }], email })),
      });
      const order = PlacedOrder.parse(expectStatus(placed, 201));
      await store().pay(order);
      await store().until(order, "paid");
      expect((await browser.get(`/api/orders/${order.orderId}`)).status).toBe(200);

      expect(await store().stock.figures(sku)).toMatchObject({ sold: 2 });

      const stranger = new BrowserJar(store());
      expectProblem(await signIn(stranger, email), "temporarily_unavailable");
      expectProblem(await signIn(stranger, email, "a guess at a password"), "temporarily_unavailable");
      expectProblem(
        await stranger.post("/api/auth/request-password-reset", { email }),
        "temporarily_unavailable",
      );
      expectProblem(
        await stranger.post("/api/auth/sign-up/email", {
          name: "Eve",
          email: newEmail(),
          password: PASSWORD,
        }),
        "temporarily_unavailable",
      );
      for (const who of [stranger, browser]) {
        expectProblem(await who.get(`/api/orders/${somebodysOrder.orderId}`), "not_found");
        expectProblem(await who.get(`/api/ops/skus/${sku}`), "unauthorised");
      }
      expectProblem(await stranger.get(`/api/orders/${order.orderId}`), "not_found");
      expectProblem(await stranger.get("/api/me"), "unauthorised");
      expectProblem(await stranger.get("/api/auth/list-sessions"), "unauthorised");
    } finally {
      await running().startPart("redis");
    }
  });
});

describe("without Postgres, where the record of sessions is", () => {
  it("an account is closed, and its cart and orders go on, also without Redis", async () => {
    const browser = new BrowserJar(store());
    const email = await signedUp(browser);
    const sku = await store().stock.skuWith(5, { unlimited: true });
    const put = (quantity: number) => browser.request("PUT", `/api/cart/lines/${sku}`, { quantity });
    expect((await put(1)).status).toBe(200);
    await running().stopPart("postgres");
    try {
      for (const path of ["/api/me", "/api/me/export", "/api/wishlist"])
        expectProblem(await browser.get(path), "temporarily_unavailable");
      expectProblem(await browser.request("PATCH", "/api/me", { name: "Eve" }), "temporarily_unavailable");
      expect((await browser.get("/account")).status).toBe(503);
      expect(await put(2)).toMatchObject({
        status: 200,
        body: { revision: 2, lines: [{ sku, quantity: 2 }] },
      });
      await running().stopPart("redis");
      expect(await put(3)).toMatchObject({
        status: 200,
        body: { revision: 3, lines: [{ sku, quantity: 3 }] },
      });
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const placed = await store().request("POST", "/api/orders", {
        headers: { "content-type": "application/json", "idempotency-key": randomUUID(), cookie },
        body: JSON.stringify(orderBody({ lines: [{ sku, quantity: 1 }], email })),
      });
      const { orderId } = PlacedOrder.parse(expectStatus(placed, 201));
      browser.forget("__Host-orders");
      expect((await browser.get(`/api/orders/${orderId}`)).status).toBe(200);
      expect((await browser.post(`/api/orders/${orderId}/cancel`)).status).toBe(200);
    } finally {
      await running().startPart("postgres");
      await running().startPart("redis");
    }
  });
});
