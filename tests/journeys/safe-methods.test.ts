/**
 * No safe method changes state: every GET route of the app, and HEAD of it, is asked as its owner would ask, with
 * links that are still good, and what the store keeps is compared before and after. What is left is named, with the reason, in
 * docs/decisions/0017-opening-a-link-changes-nothing.md.
 */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { BrowserJar, confirmEmail, linkInMail, tokenOf } from "../harness/browser-jar.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { newEmail } from "../harness/store.ts";
import { ask, type Scene } from "../security/ask.ts";
import { fingerprintOf } from "../security/fingerprint.ts";
import { PASSWORD } from "../security/people.ts";
import { forgetAttempts } from "../security/redis-side.ts";
import type { Asked } from "../security/requests.ts";
import { routesOfTheApp, type Route } from "../security/routes.ts";
import { setScene } from "../security/scene.ts";

// The routes are read from the app, outside of the runtime that would answer them.
vi.mock("cloudflare:workers", () => ({ waitUntil: () => undefined, cache: undefined }));

/** A challenge for a passkey is kept until it is answered or too old: nobody's, and good for nothing by itself. */
const KEEPS_A_CHALLENGE: readonly string[] = [
  "GET /api/auth/passkey/generate-register-options",
  "GET /api/auth/passkey/generate-authenticate-options",
];

/** Whole tables: also what is not the owner's must stay as it is. Links and challenges are counted, as they hold hashes only. */
const TABLES = [
  "select id, name, email, email_verified, updated_at from users",
  "select id, user_id, provider_id, account_id, password from identities",
  "select id, user_id, token, expires_at from sessions",
  "select id, user_id, name from passkeys",
  "select id, identifier, value from verifications",
  "select * from addresses",
  "select user_id, sku from wishlist_items",
  "select id, email, kind, subject, unsubscribed_at from stock_notices",
  "select account_id from account_erasures",
];

interface Links {
  readonly signUp: string;
  readonly reset: string;
  readonly agree: string;
  readonly change: string;
}

const routes = (await routesOfTheApp()).filter(({ method }) => method === "GET");
const store = sharedStore();
let scene: Scene;
let links: Links;
/** All whose mail could grow. */
let people: readonly string[];

beforeAll(async () => {
  scene = await setScene(store);
  const { owner } = scene.cast;
  const { email } = owner.things;
  const newcomer = newEmail();
  const next = newEmail();
  await new BrowserJar(store).post("/api/auth/sign-up/email", {
    name: "New",
    email: newcomer,
    password: PASSWORD,
  });
  await new BrowserJar(store).post("/api/auth/request-password-reset", { email });
  await owner.browser.post("/api/auth/change-email", { newEmail: next });
  const agree = tokenOf(await linkInMail(store, email, "Confirm your new e-mail address"));
  expect((await owner.browser.post("/api/auth/confirm-email-change", { token: agree })).status).toBe(200);
  links = {
    signUp: tokenOf(await linkInMail(store, newcomer, "Confirm your e-mail address")),
    reset: tokenOf(await linkInMail(store, email, "Choose a new password")),
    agree,
    change: tokenOf(await linkInMail(store, next, "Confirm your e-mail address")),
  };
  people = [email, newcomer, next];
});

/** All state a person owns, read directly from Postgres; orders, carts and stock from their objects. */
async function look(): Promise<Readonly<Record<string, unknown>>> {
  const [owned, mail, ...tables] = await Promise.all([
    fingerprintOf(store, scene.cast.owner, scene.ops),
    Promise.all(people.map((address) => store.mailTo(address))),
    ...TABLES.map((statement) =>
      store.rows<{ rows: unknown }>(`select jsonb_agg(t order by t::text) as rows from (${statement}) t`),
    ),
  ]);
  return {
    ...owned,
    mail,
    ...Object.fromEntries(TABLES.map((statement, index) => [statement, tables[index]])),
  };
}

/** What a link adds to the request of a route: every token its URL may carry, still valid. */
function variantsOf({ name }: Route): readonly ((asked: Asked) => Asked)[] {
  const tokens: Readonly<Record<string, readonly string[]>> = {
    "GET /account/verify": [links.signUp, links.agree, links.change],
    "GET /account/reset": [links.reset],
    "GET /orders/:id": [scene.cast.owner.things.orderToken],
    "GET /orders/:id/pay": [scene.cast.owner.things.orderToken],
  };
  const bearing = (tokens[name] ?? []).map((token) => (asked: Asked): Asked => ({
    ...asked,
    query: { ...asked.query, token },
  }));
  return [(asked) => asked, ...bearing];
}

describe("no safe method changes an account, an address, an order, a cart, a subscription or mail", () => {
  it.each(routes.map((route) => [route.name, route] as const))("%s", async (name, route) => {
    await forgetAttempts(store);
    // The account library prunes what has expired while it reads another one: on a slow machine a challenge of a test before.
    await store.rows("delete from verifications where expires_at < now() + interval '10 minutes'");
    const before = await look();
    for (const method of ["HEAD", "GET"])
      for (const change of variantsOf(route))
        for (const caller of ["anonymous", "owner", "manager"] as const) {
          const { answer } = await ask(scene, { ...route, method }, caller, change);
          expect(answer.status).toBeLessThan(500);
        }
    const after = await look();
    const changed = Object.keys(after).filter(
      (key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
    );
    expect(changed).toEqual(
      KEEPS_A_CHALLENGE.includes(name) ? ["select id, identifier, value from verifications"] : [],
    );
  });

  it("and the links are still good afterwards", async () => {
    const confirmed = await new BrowserJar(store).post("/api/auth/verify-email", {
      token: links.signUp,
      password: PASSWORD,
    });
    expect(confirmed.status).toBe(200);
    const changed = await new BrowserJar(store).post("/api/auth/confirm-email-change", {
      token: links.change,
      password: PASSWORD,
    });
    expect(changed.status).toBe(200);
  });
});

describe("a cart", () => {
  it("merges once, and a paid order empties it once, however often and however many at once ask", async () => {
    const sku = scene.sku;
    const [browser, email] = [new BrowserJar(store), newEmail()];
    await browser.request("PUT", `/api/cart/lines/${sku}`, { quantity: 2 });
    const elsewhere = new BrowserJar(store);
    await elsewhere.post("/api/auth/sign-up/email", { name: "Ada", email, password: PASSWORD });
    await confirmEmail(store, elsewhere, { email, password: PASSWORD });
    await elsewhere.request("PUT", `/api/cart/lines/${sku}`, { quantity: 1 });
    await browser.post("/api/auth/sign-in/email", { email, password: PASSWORD });
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const everyWay = ["/cart", "/api/cart", "/api/shopper", "/checkout"].flatMap((path) =>
      ["HEAD", "GET", "GET"].map((method) => store.request(method, path, { headers: { cookie } })),
    );
    for (const { status } of await Promise.all(everyWay)) expect(status).toBe(200);
    const merged = { revision: 2, lines: [{ sku, quantity: 3 }] };
    expect((await elsewhere.get("/api/cart")).body).toMatchObject(merged);

    const placed = await elsewhere.checkOut({
      email,
      name: "Ada",
      line1: "1 Main St",
      city: "Springfield",
      region: "IL",
      postalCode: "62701",
      country: "US",
      shippingMethod: "standard",
    });
    const [, orderId = ""] = /^\/orders\/(\w+)\/pay$/.exec(placed.headers.get("location") ?? "") ?? [];
    const token = /(?:^|~)\w+\.([\w-]+)$/.exec(elsewhere.cookies.get("__Host-orders") ?? "")?.[1] ?? "";
    await store.pay({ orderId, token });
    await store.until({ orderId, token }, "paid");
    const buyer = [...elsewhere.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const looks = ["HEAD", "GET", "GET", "HEAD"].map((method) =>
      store.request(method, `/orders/${orderId}`, { headers: { cookie: buyer } }),
    );
    for (const { status } of await Promise.all(looks)) expect(status).toBe(200);
    expect((await elsewhere.get("/api/cart")).body).toMatchObject({ revision: 3, lines: [] });
  });
});
