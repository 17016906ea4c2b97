/**
 * A session that was ended from elsewhere, while the copy in its browser's cookie is still good for minutes: over every route of the app,
 * it writes, exports and shows nothing of the account. Only what sells is left to it, so that selling needs neither Redis nor Postgres.
 */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { BrowserJar } from "../harness/browser-jar.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { orderBody } from "../harness/store.ts";
import { statedFor } from "../security/access-table.ts";
import { ask, type Scene } from "../security/ask.ts";
import { fingerprintOf, type Fingerprint } from "../security/fingerprint.ts";
import { PASSWORD } from "../security/people.ts";
import { forgetAttempts, setKey, valueOf } from "../security/redis-side.ts";
import { routesOfTheApp } from "../security/routes.ts";
import { setScene, withSpareThings } from "../security/scene.ts";

// The routes are read from the app, outside of the runtime that would answer them.
vi.mock("cloudflare:workers", () => ({ waitUntil: () => undefined, cache: undefined }));

/** Placing, paying, cancelling and following an order, and looking at what is in the cart and who is greeted. */
const COPY_IS_ENOUGH: readonly string[] = [
  "POST /api/orders",
  "POST /api/orders/:id/payment",
  "POST /api/orders/:id/cancel",
  "POST /orders/:id/cancel",
  "POST /checkout",
  "GET /api/orders/:id",
  "GET /orders/:id",
  "GET /orders/:id/pay",
  "GET /api/cart",
  "GET /cart",
  "GET /checkout",
  "GET /api/shopper",
  "GET /api/auth/get-session",
  // Who is signed in is led on from here; the next page asks the record.
  "GET /account/sign-in",
  "GET /account/sign-up",
];

const routes = await routesOfTheApp();
const store = sharedStore();
let scene: Scene;
let before: Fingerprint;

const look = (): Promise<Fingerprint> => fingerprintOf(store, scene.cast.owner, scene.ops);

/** Another browser of the owner's, with its session alone: no cart, and no order's token. */
async function signedIn({ owner }: Scene["cast"]): Promise<BrowserJar> {
  await forgetAttempts(store);
  const browser = new BrowserJar(store);
  const answer = await browser.post("/api/auth/sign-in/email", {
    email: owner.things.email,
    password: PASSWORD,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  for (const name of [...browser.cookies.keys()])
    if (name !== "__Host-session" && name !== "__Host-session-copy") browser.forget(name);
  return browser;
}
/** The same, once its session was ended from the owner's own browser. */
async function endedBrowser(cast: Scene["cast"]): Promise<BrowserJar> {
  const browser = await signedIn(cast);
  expect((await cast.owner.browser.post("/api/auth/revoke-other-sessions")).status).toBe(200);
  return browser;
}
const cookieOf = (browser: BrowserJar): string =>
  [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");

beforeAll(async () => {
  const set = await setScene(store);
  const expiredCookies = cookieOf(await endedBrowser(set.cast));
  scene = { ...set, cast: { ...set.cast, expiredCookies } };
  before = await look();
});

describe("a session that was ended from elsewhere", () => {
  const stated = routes.filter(({ name }) => statedFor(name) !== null && !COPY_IS_ENOUGH.includes(name));

  it("is known by its copy until it is asked further: the test is about such a one", async () => {
    const { body } = await store.request("GET", "/api/auth/get-session", {
      headers: { cookie: scene.cast.expiredCookies },
    });
    expect(body).toMatchObject({ user: { email: scene.cast.owner.things.email } });
  });

  it.each(stated.map((route) => [route.name, route] as const))("is none for %s", async (name, route) => {
    await forgetAttempts(store);
    const { answer } = await ask(scene, route, "expired");
    expect(answer.status).toBe(statedFor(name)?.expired);
    const { street, orderId, addressId } = scene.cast.owner.things;
    for (const thing of [street, orderId, addressId])
      expect(JSON.stringify(answer.body)).not.toContain(thing);
    if (route.method !== "GET") expect(await look()).toEqual(before);
  });

  it("is forgotten by the browser with the first refusal", async () => {
    const browser = await endedBrowser(scene.cast);
    const refused = await browser.get("/api/me");
    expect(refused.status).toBe(401);
    expect([...browser.cookies.keys()]).toEqual([]);
  });

  it("is none by a copy that was left in Redis", async () => {
    const browser = await signedIn(scene.cast);
    const [token = ""] = decodeURIComponent(browser.cookies.get("__Host-session") ?? "").split(".");
    const copy = (await valueOf(store, `account:${token}`)) ?? "";
    expect(copy).toContain(scene.cast.owner.things.email);
    await scene.cast.owner.browser.post("/api/auth/revoke-other-sessions");
    await setKey(store, `account:${token}`, copy);
    expect((await browser.get("/api/me/export")).status).toBe(401);
    expect(await look()).toEqual(before);
  });

  it("places, pays, follows and cancels for as long as its copy is good", async () => {
    const spare = await withSpareThings(scene);
    const browser = await endedBrowser(spare.cast);
    const cookie = cookieOf(browser);
    const { orderId } = spare.cast.owner.things;
    for (const [method, path, status] of [
      ["GET", `/api/orders/${orderId}`, 200],
      ["POST", `/api/orders/${orderId}/payment`, 201],
      ["POST", `/api/orders/${orderId}/cancel`, 200],
    ] as const)
      expect((await store.request(method, path, { headers: { cookie } })).status).toBe(status);
    const placed = await store.request("POST", "/api/orders", {
      headers: { cookie, "content-type": "application/json", "idempotency-key": randomUUID() },
      body: JSON.stringify(orderBody({ lines: [{ sku: spare.sku, quantity: 1 }] })),
    });
    expect(placed.status).toBe(201);
  });
});
