/** Links in emails: opening one changes nothing, and proving a mailbox removes the credentials that were set before. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ATTEMPT_RULES } from "../../src/adapters/accounts/attempt-limits.ts";
import { BrowserJar, confirmEmail, linkInMail, tokenOf } from "../harness/browser-jar.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { newEmail, type Answer } from "../harness/store.ts";
import { forgetAttempts } from "../security/redis-side.ts";

const store = sharedStore();

const STRANGERS = "the password of a stranger";
const OWN = "the password of the mailbox's owner";
const CONFIRM = "Confirm your e-mail address";

async function signUp(email: string, password: string): Promise<void> {
  await forgetAttempts(store);
  const answer = await new BrowserJar(store).post("/api/auth/sign-up/email", {
    name: "Ada",
    email,
    password,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}
async function signedUp(password = OWN): Promise<{ browser: BrowserJar; email: string }> {
  const [browser, email] = [new BrowserJar(store), newEmail()];
  await signUp(email, password);
  await confirmEmail(store, browser, { email, password });
  return { browser, email };
}
const signIn = (browser: BrowserJar, email: string, password: string): Promise<Answer> =>
  browser.post("/api/auth/sign-in/email", { email, password });
const whoIs = async (browser: BrowserJar): Promise<string | null> =>
  ((await browser.get("/api/auth/get-session")).body as { user: { email: string } } | null)?.user.email ??
  null;
const account = async (email: string) =>
  await store.rows<{ id: string; email_verified: boolean }>(
    "select id, email_verified from users where email = $1",
    [email],
  );
/** A guest's order, once Postgres has it. */
async function guestOrder(email: string): Promise<string> {
  const sku = await store.stock.plenty();
  const { orderId } = await store.placed({ lines: [{ sku, quantity: 1 }], email });
  await store.rowsWhere(
    "the order to be in Postgres",
    ["select 1 from order_contacts where order_id = $1", [orderId]],
    ({ length }) => length === 1,
  );
  return orderId;
}

describe("the link that confirms an address", () => {
  it("changes nothing by being opened, by HEAD or GET, however often", async () => {
    const email = newEmail();
    await signUp(email, OWN);
    const link = await linkInMail(store, email, CONFIRM);
    for (const method of ["HEAD", "GET", "GET"]) {
      const scanner = new BrowserJar(store);
      expect((await scanner.request(method, link)).status).toBe(200);
      expect([...scanner.cookies.keys()]).toEqual([]);
    }
    expect(await account(email)).toMatchObject([{ email_verified: false }]);
    expect(String((await new BrowserJar(store).get(link)).body)).toContain('action="/account/verify"');
    expectProblem(await signIn(new BrowserJar(store), email, OWN), "email_not_verified");
  });

  it("keeps the password of the sign-up for a person who knows it, in any browser, and works once", async () => {
    const email = newEmail();
    await signUp(email, OWN);
    const token = tokenOf(await linkInMail(store, email, CONFIRM));
    const elsewhere = new BrowserJar(store);
    const wrong = await elsewhere.post("/api/auth/verify-email", { token, password: "not this one, surely" });
    expectProblem(wrong, "invalid_credentials");
    expect(await account(email)).toMatchObject([{ email_verified: false }]);
    expect((await elsewhere.post("/api/auth/verify-email", { token, password: OWN })).status).toBe(200);
    expect(await whoIs(elsewhere)).toBe(email);
    const again = { token, newPassword: STRANGERS };
    expectProblem(await new BrowserJar(store).post("/api/auth/verify-email", again), "link_expired");
    expect((await new BrowserJar(store).submit("/account/verify", again)).status).toBe(400);
    expect((await signIn(new BrowserJar(store), email, OWN)).status).toBe(200);
  });

  it("takes ten guesses at the password a minute, from however many networks", async () => {
    const email = newEmail();
    await signUp(email, OWN);
    const token = tokenOf(await linkInMail(store, email, CONFIRM));
    const statuses: number[] = [];
    for (let guess = 0; guess <= ATTEMPT_RULES.guess.perAccount; guess++) {
      const body = { token, password: `guess number ${String(guess)}` };
      statuses.push((await new BrowserJar(store).post("/api/auth/verify-email", body)).status);
    }
    expect([new Set(statuses.slice(0, -1)), statuses.at(-1)]).toEqual([new Set([401]), 429]);
    expect(await account(email)).toMatchObject([{ email_verified: false }]);
  });

  it("wants one of the two passwords, and no other thing", async () => {
    const email = newEmail();
    await signUp(email, OWN);
    const token = tokenOf(await linkInMail(store, email, CONFIRM));
    for (const body of [{ token }, { token, password: OWN, newPassword: OWN }, { token, userId: "1" }]) {
      expectProblem(await new BrowserJar(store).post("/api/auth/verify-email", body), "validation_failed");
    }
    expect(await account(email)).toMatchObject([{ email_verified: false }]);
  });

  it("gives neither the account nor guest orders to a stranger who signed up with the address", async () => {
    const victim = newEmail();
    const orderId = await guestOrder(victim);
    await signUp(victim, STRANGERS);
    const owner = new BrowserJar(store);
    const token = tokenOf(await linkInMail(store, victim, CONFIRM));
    const page = await owner.get(`/account/verify?token=${token}`);
    expect(page.body).toContain("Don’t know the password?");
    const chosen = await owner.submit("/account/verify", { token, newPassword: OWN });
    expect(chosen.headers.get("location")).toBe("/account?said=verified");

    const stranger = new BrowserJar(store);
    expectProblem(await signIn(stranger, victim, STRANGERS), "invalid_credentials");
    expectProblem(await stranger.get(`/api/orders/${orderId}`), "not_found");
    expect((await owner.get(`/api/orders/${orderId}`)).status).toBe(200);
    expect((await owner.get("/api/me/orders")).body).toMatchObject({ items: [{ orderId }] });
  });
});

describe("a new password by e-mail", () => {
  it("is a proof of the mailbox too: it confirms the address, and no passkey, identity, session or link of before stays", async () => {
    const { browser: thief, email } = await signedUp(STRANGERS);
    const id = (await account(email))[0]?.id ?? "";
    await store.rows(
      `insert into passkeys (id, name, public_key, user_id, credential_id, counter, device_type, backed_up)
       values ($1, 'of a thief', 'none', $2, $1, 0, 'singleDevice', false)`,
      [randomUUID(), id],
    );
    await store.rows(
      "insert into identities (id, user_id, account_id, provider_id) values ($1, $2, $1, 'google')",
      [randomUUID(), id],
    );
    const links: string[] = [];
    for (let asked = 0; asked < 2; asked++) {
      await new BrowserJar(store).post("/api/auth/request-password-reset", { email });
      links.push(tokenOf(await newLink(email, links)));
    }
    const [former = "", token = ""] = links;
    const owner = new BrowserJar(store);
    expect((await owner.post("/api/auth/reset-password", { token, newPassword: OWN })).status).toBe(200);

    expect(await store.rows("select 1 from passkeys where user_id = $1", [id])).toEqual([]);
    expect(await store.rows("select provider_id from identities where user_id = $1", [id])).toEqual([
      { provider_id: "credential" },
    ]);
    expect(await store.rows("select 1 from sessions where user_id = $1", [id])).toEqual([]);
    expectProblem(await thief.get("/api/me"), "unauthorised");
    const again = { token: former, newPassword: STRANGERS };
    expectProblem(await thief.post("/api/auth/reset-password", again), "link_expired");
    expect((await signIn(owner, email, OWN)).status).toBe(200);
  });

  it("confirms an address that was not confirmed, and the guest orders are its owner's", async () => {
    const victim = newEmail();
    const orderId = await guestOrder(victim);
    await signUp(victim, STRANGERS);
    await new BrowserJar(store).post("/api/auth/request-password-reset", { email: victim });
    const token = tokenOf(await linkInMail(store, victim, "Choose a new password"));
    const owner = new BrowserJar(store);
    await owner.submit("/account/reset", { token, newPassword: OWN });
    expect((await signIn(owner, victim, OWN)).status).toBe(200);
    expect((await owner.get(`/api/orders/${orderId}`)).status).toBe(200);
    expectProblem(await signIn(new BrowserJar(store), victim, STRANGERS), "invalid_credentials");
  });

  /** The link of an e-mail that is not among those known. */
  async function newLink(email: string, known: readonly string[]): Promise<string> {
    for (;;) {
      const link = await linkInMail(store, email, "Choose a new password");
      if (!known.includes(tokenOf(link))) return link;
    }
  }
});

describe("a change of address", () => {
  const AGREE = "Confirm your new e-mail address";

  async function asked(browser: BrowserJar, newAddress: string): Promise<void> {
    await forgetAttempts(store);
    expect((await browser.post("/api/auth/change-email", { newEmail: newAddress })).status).toBe(200);
  }

  it("changes nothing by opening its links; each acts by its button, the second with the password or the session", async () => {
    const { browser, email } = await signedUp();
    const [next, then] = [newEmail(), newEmail()];
    await asked(browser, next);
    const first = await linkInMail(store, email, AGREE);
    for (const method of ["HEAD", "GET"]) await browser.request(method, first);
    expect(await store.mailTo(next)).toEqual([]);
    await new BrowserJar(store).submit("/account/verify", { token: tokenOf(first) });

    const second = await linkInMail(store, next, CONFIRM);
    for (const method of ["HEAD", "GET"]) await browser.request(method, second);
    const elsewhere = new BrowserJar(store);
    const token = tokenOf(second);
    expectProblem(await elsewhere.post("/api/auth/confirm-email-change", { token }), "sign_in_again");
    const wrong = { token, password: STRANGERS };
    expectProblem(await elsewhere.post("/api/auth/confirm-email-change", wrong), "invalid_credentials");
    expect(await account(email)).toHaveLength(1);
    const changed = await elsewhere.submit("/account/verify", { token, password: OWN });
    expect(changed.headers.get("location")).toBe("/account/security?said=email_changed");
    expect(await account(next)).toMatchObject([{ email_verified: true }]);

    // By the session of this browser, as those do who have no password.
    await asked(browser, then);
    const agreed = { token: tokenOf(await linkInMail(store, next, AGREE)) };
    await browser.submit("/account/verify", agreed);
    const confirmed = { token: tokenOf(await linkInMail(store, then, CONFIRM)) };
    expect((await browser.post("/api/auth/confirm-email-change", confirmed)).status).toBe(200);
    expect(await whoIs(browser)).toBe(then);
    expect((await browser.get("/api/me")).body).toMatchObject({ email: then, emailVerified: true });
  });

  it("to another person's address needs the account's password, and gives the stranger none of that address's orders", async () => {
    const victim = newEmail();
    const orderId = await guestOrder(victim);
    const { browser: stranger, email } = await signedUp(STRANGERS);
    await asked(stranger, victim);
    await stranger.submit("/account/verify", { token: tokenOf(await linkInMail(store, email, AGREE)) });
    const token = tokenOf(await linkInMail(store, victim, CONFIRM));
    const owner = new BrowserJar(store);
    expect((await owner.submit("/account/verify", { token })).status).toBe(403);
    expect((await owner.submit("/account/verify", { token, newPassword: OWN })).status).toBe(403);
    expect(await account(victim)).toEqual([]);
    expectProblem(await stranger.get(`/api/orders/${orderId}`), "not_found");
  });

  it("leaves no link of the former address good for a new password", async () => {
    const { browser, email } = await signedUp();
    const next = newEmail();
    await new BrowserJar(store).post("/api/auth/request-password-reset", { email });
    const reset = tokenOf(await linkInMail(store, email, "Choose a new password"));
    await asked(browser, next);
    await browser.submit("/account/verify", { token: tokenOf(await linkInMail(store, email, AGREE)) });
    await browser.submit("/account/verify", { token: tokenOf(await linkInMail(store, next, CONFIRM)) });
    expect(await account(next)).toHaveLength(1);
    const late = { token: reset, newPassword: STRANGERS };
    expectProblem(await new BrowserJar(store).post("/api/auth/reset-password", late), "link_expired");
  });
});

describe("where a password is changed", () => {
  it("is where password managers look for it", async () => {
    const answer = await store.request("GET", "/.well-known/change-password");
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/account/security"]);
    const other = await store.request("GET", "/.well-known/resource-that-should-not-exist");
    expect(other.status).toBe(404);
  });
});
