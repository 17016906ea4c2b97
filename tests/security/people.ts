/** People for the matrix: somebody with an account and everything that one can have in it, and a guest with an order. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { stockNoticeToken } from "../../src/adapters/signing/index.ts";
import { PlacedOrder } from "../../src/contracts/orders.ts";
import { BrowserJar, confirmEmail } from "../harness/browser-jar.ts";
import { EVENTUALLY_MS, newEmail, orderBody, type Store } from "../harness/store.ts";
import { signingKeysOf } from "./signing.ts";

export const PASSWORD = "a long and private one";
const SIGN_IN = "/api/auth/sign-in/email";

/** What is somebody's own, by the ids that requests name it with. */
export interface Things {
  readonly email: string;
  readonly name: string;
  readonly userId: string;
  readonly orderId: string;
  readonly orderToken: string;
  readonly addressId: string;
  readonly street: string;
  readonly passkeyId: string;
  readonly credentialId: string;
  readonly noticeId: string;
  readonly noticeToken: string;
  /** Another session than the one of `browser`. */
  readonly otherSession: string;
  readonly otherSessionId: string;
  /** Of the cart before they signed in. */
  readonly guestCartCookie: string;
}

export interface Person {
  readonly browser: BrowserJar;
  readonly things: Things;
}

export interface Guest {
  readonly browser: BrowserJar;
  readonly orderId: string;
  readonly token: string;
}

export function cookieOf(browser: BrowserJar): string {
  return [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

/**
 * Signs up, follows the link, and has one of everything.
 *
 * @param sku of which one unit is ordered and one in the cart
 */
export async function newPerson(store: Store, sku: string): Promise<Person> {
  const browser = new BrowserJar(store);
  const email = newEmail();
  const name = `Wilhelmina ${randomUUID()}`;
  await browser.request("PUT", `/api/cart/lines/${sku}`, { quantity: 1 });
  const guestCartCookie = browser.cookies.get("__Host-cart") ?? "";
  await signUp(store, browser, { name, email });
  await browser.request("PUT", `/api/cart/lines/${sku}`, { quantity: 1 });
  const userId = await idOf(store, email);
  const owned = await onesOwn(store, browser, { userId, email, sku });
  await store.rows("insert into wishlist_items (user_id, sku) values ($1, $2)", [userId, sku]);
  return { browser, things: { email, name, userId, guestCartCookie, ...owned } };
}

/** Waits until Postgres has a person's order, after which nothing of it changes by itself. */
export async function settled(store: Store, { things: { orderId } }: Person): Promise<void> {
  await store.rowsWhere(
    `order ${orderId} in Postgres`,
    ["select 1 from orders join order_contacts using (order_id) where order_id = $1", [orderId]],
    ({ length }) => length === 1,
  );
}

/** The same person with another one of everything that a request can take away. */
export async function withSpares(store: Store, { browser, things }: Person, sku: string): Promise<Person> {
  return { browser, things: { ...things, ...(await onesOwn(store, browser, { ...things, sku })) } };
}

type Owned = Omit<Things, "email" | "name" | "userId" | "guestCartCookie">;

async function onesOwn(
  store: Store,
  browser: BrowserJar,
  { userId, email, sku }: { userId: string; email: string; sku: string },
): Promise<Owned> {
  const street = `${randomUUID()} Hidden Lane`;
  const { orderId, token } = await placedBy(store, browser, { sku, email, street });
  const rows = await storedFor(store, userId, { email, street });
  const noticeToken = stockNoticeToken(signingKeysOf(store), rows.noticeId);
  return { orderId, orderToken: token, street, ...rows, noticeToken };
}

/** After their sessions have ended. */
export async function signInAgain(store: Store, person: Person): Promise<Person> {
  const { browser, things } = person;
  const answer = await browser.post(SIGN_IN, { email: things.email, password: PASSWORD });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return { browser, things: { ...things, ...(await anotherSession(store, things.userId)) } };
}

export async function newGuest(store: Store, sku: string): Promise<Guest> {
  const browser = new BrowserJar(store);
  await browser.request("PUT", `/api/cart/lines/${sku}`, { quantity: 1 });
  const order = await placedBy(store, browser, { sku, email: newEmail(), street: "1 Main St" });
  return { browser, orderId: order.orderId, token: order.token };
}

async function signUp(
  store: Store,
  browser: BrowserJar,
  who: { name: string; email: string },
): Promise<void> {
  // As a client does it: a busy store says that it should be asked again.
  const answer = await waitFor(
    async () => {
      const answered = await browser.post("/api/auth/sign-up/email", { ...who, password: PASSWORD });
      return answered.status !== 503 && answered;
    },
    { what: `an account for ${who.email}`, timeoutMs: EVENTUALLY_MS },
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  await confirmEmail(store, browser, { email: who.email, password: PASSWORD });
}

async function idOf(store: Store, email: string): Promise<string> {
  const [row] = await store.rows<{ id: string }>("select id from users where email = $1", [email]);
  if (row === undefined) throw new Error(`${email} has no account`);
  return row.id;
}

async function placedBy(
  store: Store,
  browser: BrowserJar,
  { sku, email, street }: { sku: string; email: string; street: string },
): Promise<PlacedOrder> {
  const body = orderBody({ lines: [{ sku, quantity: 1 }], email });
  const answer = await store.request("POST", "/api/orders", {
    headers: {
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
      cookie: cookieOf(browser),
    },
    body: JSON.stringify({ ...body, shippingAddress: { ...body.shippingAddress, line1: street } }),
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return PlacedOrder.parse(answer.body);
}

/** Straight into the tables: what the matrix is about is who may touch it, not how it came there. */
async function storedFor(
  store: Store,
  userId: string,
  { email, street }: { email: string; street: string },
): Promise<Pick<Things, "addressId" | "passkeyId" | "credentialId" | "noticeId"> & Session> {
  const passkeyId = randomUUID();
  const credentialId = randomUUID();
  const [address] = await store.rows<{ id: string }>(
    `insert into addresses (user_id, name, line1, city, region, postal_code, country)
     values ($1, 'Ada', $2, 'Springfield', 'IL', '62701', 'US') returning id`,
    [userId, street],
  );
  await store.rows(
    `insert into passkeys (id, name, public_key, user_id, credential_id, counter, device_type, backed_up)
     values ($1, 'phone', 'none', $2, $3, 0, 'singleDevice', false)`,
    [passkeyId, userId, credentialId],
  );
  const [notice] = await store.rows<{ id: string }>(
    `insert into stock_notices (email, kind, subject, created_at)
     values ($1, 'restock', $2, now()) returning id`,
    [email, `SKU-${randomUUID()}`],
  );
  if (address === undefined || notice === undefined) throw new Error("rows were not written");
  const session = await anotherSession(store, userId);
  return { addressId: address.id, passkeyId, credentialId, noticeId: notice.id, ...session };
}

type Session = Pick<Things, "otherSession" | "otherSessionId">;

/** Somewhere else that they are signed in: as the API names it, and as the page does. */
async function anotherSession(store: Store, userId: string): Promise<Session> {
  const [otherSession, otherSessionId] = [randomUUID(), randomUUID()];
  await store.rows(
    `insert into sessions (id, user_id, token, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
    [otherSessionId, userId, otherSession],
  );
  return { otherSession, otherSessionId };
}

/** The cookies of one more session of a person, once its time is over: the copy in the cookie has run out long before. */
export async function expiredCookiesOf(
  store: Store,
  { things: { email, userId } }: Person,
  forget: (key: string) => Promise<void>,
): Promise<string> {
  const browser = new BrowserJar(store);
  const answer = await browser.post(SIGN_IN, { email, password: PASSWORD });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  const [row] = await store.rows<{ token: string }>(
    `update sessions set expires_at = now() - interval '1 minute'
     where id = (select id from sessions where user_id = $1 order by created_at desc limit 1) returning token`,
    [userId],
  );
  await forget(`account:${row?.token ?? ""}`);
  browser.forget("__Host-session-copy");
  return cookieOf(browser);
}
