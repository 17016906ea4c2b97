/**
 * Canaries: values that nobody else has go through the store as e-mail, name, street, password and token; then every place where
 * something is left behind is searched for them, and each may be only where it belongs.
 */
import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { OPTIONAL_SECRET_NAMES, SECRET_NAMES } from "../../src/worker/secret-names.ts";
import { waitFor } from "../../local/process/wait-for.ts";
import { BrowserJar, linkInMail } from "../harness/browser-jar.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { placesOf, secretsOf } from "../harness/sinks.ts";
import { EVENTUALLY_MS } from "../harness/store.ts";

const store = sharedStore();

const mark = `canary${randomUUID().replaceAll("-", "")}`;
const ACCOUNT = `${mark}-account@example.com`;
const GUEST = `${mark}-guest@example.com`;
const WAITING = `${mark}-waiting@example.com`;
const NAME = `Ada ${mark}name`;
const STREET = `1 ${mark}street`;
const PASSWORD = `${mark}-first password`;
const NEW_PASSWORD = `${mark}-second password`;
const WRONG_PASSWORD = `${mark}-wrong password`;
const TYPED = `${mark}-typed`;

/** What came back on the way: links' tokens, cookies, the order's right. */
const tokens = { order: "", verification: "", reset: "", session: "", client: "" };

beforeAll(async () => {
  const browser = new BrowserJar(store);
  await browser.post("/api/auth/sign-up/email", { name: NAME, email: ACCOUNT, password: PASSWORD });
  const confirm = await linkInMail(store, ACCOUNT, "Confirm your e-mail address");
  tokens.verification = tokenIn(confirm);
  await browser.get(confirm);
  await browser.submit("/account/verify", { token: tokens.verification, password: PASSWORD });
  await browser.post("/api/auth/sign-in/email", { email: ACCOUNT, password: WRONG_PASSWORD });
  await browser.post("/api/auth/request-password-reset", { email: ACCOUNT });
  tokens.reset = tokenIn(await linkInMail(store, ACCOUNT, "Choose a new password"));
  await browser.post("/api/auth/reset-password", { token: tokens.reset, newPassword: NEW_PASSWORD });
  await browser.post("/api/auth/sign-in/email", { email: ACCOUNT, password: NEW_PASSWORD });
  tokens.session = decodeURIComponent(browser.cookies.get("__Host-session") ?? "").split(".")[0] ?? "";

  const sku = await store.stock.plenty();
  const order = await store.placed({
    lines: [{ sku, quantity: 1 }],
    email: GUEST,
    body: {
      shippingAddress: {
        name: NAME,
        line1: STREET,
        city: "Springfield",
        region: "IL",
        postalCode: "62701",
        country: "US",
      },
    },
  });
  tokens.order = order.token;
  tokens.client = (await store.paymentStarted(order)).clientSecret;
  await store.pay(order);
  await store.until(order, "paid");
  await store.request("GET", `/orders/${order.orderId}?token=${order.token}`);
  await askForNotice();
  await misuse(order.orderId);
  await waitFor(async () => (await store.mailTo(GUEST)).length > 0, {
    what: "the confirmation e-mail",
    timeoutMs: EVENTUALLY_MS,
  });
  await store.rowsWhere<{ email: string }>(
    "the order's contact in Postgres",
    ["select email from order_contacts where email = $1", [GUEST]],
    (rows) => rows.length > 0,
  );
});

describe("what somebody gave the store", () => {
  it.each<[what: string, value: string, where: readonly string[], always: readonly string[]]>([
    [
      "an account's address is with the account, and in the copies of its sessions",
      ACCOUNT,
      ["postgres users", "redis account", `mail to ${ACCOUNT}`],
      ["postgres users", "redis account", `mail to ${ACCOUNT}`],
    ],
    [
      "a guest's address is with the order",
      GUEST,
      ["postgres order_contacts", "object holdfast-OrderShard", `mail to ${GUEST}`],
      ["postgres order_contacts", "object holdfast-OrderShard", `mail to ${GUEST}`],
    ],
    [
      "the address of somebody who waits is with what they wait for",
      WAITING,
      ["postgres stock_notices", `mail to ${WAITING}`],
      ["postgres stock_notices"],
    ],
    [
      "a street is with the order, and on its confirmation",
      STREET,
      ["postgres order_contacts", "object holdfast-OrderShard", `mail to ${GUEST}`],
      ["postgres order_contacts"],
    ],
    [
      "a name is with the account and the order",
      NAME,
      [
        "postgres users",
        "redis account",
        "postgres order_contacts",
        "object holdfast-OrderShard",
        `mail to ${ACCOUNT}`,
        `mail to ${GUEST}`,
      ],
      ["postgres users"],
    ],
  ])("%s, and nowhere else", async (_what, value, where, always) => {
    const places = await placesOf(store, value);
    expect(places.filter((place) => !where.includes(place))).toEqual([]);
    expect(places).toEqual(expect.arrayContaining([...always]));
  });

  it("was looked for in a log that is written", async () => {
    expect(await placesOf(store, "page.policy_violated")).toEqual(["log"]);
  });

  it.each([
    ["a password", PASSWORD],
    ["a changed password", NEW_PASSWORD],
    ["a wrong password", WRONG_PASSWORD],
    ["what was typed where it does not belong", TYPED],
  ])("%s is nowhere at all", async (_what, value) => {
    expect(await placesOf(store, value)).toEqual([]);
  });
});

describe("a right that the store gave", () => {
  it.each<[keyof typeof tokens, string, readonly string[]]>([
    ["order", "the token of an order is in its e-mail", [`mail to ${GUEST}`]],
    ["verification", "the token that confirms an address is in its e-mail", [`mail to ${ACCOUNT}`]],
    ["reset", "the token that sets a password is in its e-mail", [`mail to ${ACCOUNT}`]],
    ["session", "a session's token is where sessions are", ["postgres sessions", "redis account"]],
    [
      "client",
      "the right to pay an intent is with Stripe, and with the order",
      ["stripe", "object holdfast-OrderShard"],
    ],
  ])("%s: %s, and nowhere else", async (name, _what, where) => {
    expect(tokens[name].length).toBeGreaterThan(10);
    const places = await placesOf(store, tokens[name]);
    expect(places.filter((place) => !where.includes(place))).toEqual([]);
  });
});

describe("the store's own secrets", () => {
  it("are nowhere at all", async () => {
    // Stripe's publishable key is public, and its own emulator knows the two others.
    const names = [...SECRET_NAMES, ...OPTIONAL_SECRET_NAMES].filter(
      (name) => name !== "STRIPE_PUBLISHABLE_KEY",
    );
    const secrets = secretsOf(store, names).flatMap((value) => [
      value,
      ...value.split(/[,:@]/).filter(isLong),
    ]);
    expect(secrets.length).toBeGreaterThan(5);
    for (const secret of new Set(secrets)) {
      const places = await placesOf(store, secret);
      expect(places.filter((place) => place !== "stripe")).toEqual([]);
    }
  });

  /** A part of a composed value that is a secret by itself. */
  function isLong(part: string): boolean {
    return part.length >= 20 && !part.includes("/");
  }
});

/** Asks until it is taken: what is gone is known of everywhere a moment later. */
async function askForNotice(): Promise<void> {
  const sku = await store.stock.skuWith(0);
  const [found] = await store.rows<{ slug: string }>("select product_slug as slug from skus where sku = $1", [
    sku,
  ]);
  const ask = async () => {
    await store.request("POST", `/products/${found?.slug ?? ""}/notices`, {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ sku, email: WAITING }).toString(),
    });
    return (await store.rows("select 1 from stock_notices where email = $1", [WAITING])).length > 0;
  };
  await waitFor(ask, { what: "a notice to be asked for", timeoutMs: EVENTUALLY_MS });
}

/** What is refused, cannot be read or is asked for in vain: such things are what gets logged. */
async function misuse(orderId: string): Promise<void> {
  const json = { "content-type": "application/json", "idempotency-key": TYPED };
  const post = (path: string, body: string, headers: Record<string, string> = json) =>
    store.request("POST", path, { headers, body });
  await post("/api/orders", `{"email": "${TYPED}@example.com", `);
  await post("/api/orders", JSON.stringify({ email: `${TYPED}@example.com`, [TYPED]: 1 }));
  await post("/api/auth/sign-in/email", JSON.stringify({ email: `${TYPED}@example.com`, password: TYPED }));
  await post("/api/auth/reset-password", JSON.stringify({ token: TYPED, newPassword: `${TYPED}-password` }));
  await post("/api/auth/sign-in/social", JSON.stringify({ provider: "google" }));
  await post("/api/webhooks/stripe", JSON.stringify({ id: TYPED }), {
    ...json,
    "stripe-signature": `t=1,v1=${TYPED}`,
  });
  const report = {
    documentURL: `${store.url}/?token=${TYPED}`,
    effectiveDirective: TYPED,
    blockedURL: TYPED,
  };
  await post("/api/csp-reports", JSON.stringify([{ type: "csp-violation", body: report }]));
  await post("/api/vitals", JSON.stringify({ page: TYPED }));
  for (const path of [
    `/orders/${orderId}?token=${TYPED}`,
    `/orders/${TYPED}`,
    `/search?q=${TYPED}`,
    `/api/search?q=${TYPED}&cursor=${TYPED}`,
    `/account/verify?token=${TYPED}`,
    `/notices/unsubscribe?token=${TYPED}`,
    `/api/ops/orders?query=${TYPED}`,
  ]) {
    const headers = {
      authorization: `Bearer ${TYPED}`,
      cookie: `__Host-session=${TYPED}; __Host-cart=${TYPED}`,
      "user-agent": TYPED,
    };
    await store.request("GET", path, { headers });
  }
  await store.request("GET", `/api/ops/orders?query=${encodeURIComponent(GUEST)}`, {
    headers: await store.opsHeaders(),
  });
}

function tokenIn(link: string): string {
  return new URL(link, store.url).searchParams.get("token") ?? "";
}
