/** The account's pages and forms as a browser without JavaScript uses them, where neither Redis nor Postgres answers. */
import { describe, expect, test } from "vitest";
import { CABLE, cookiesOf, keepTestCatalog, send, sendForm } from "./store-under-test.ts";

const PUBLIC = [
  "/account/sign-in",
  "/account/sign-up",
  "/account/forgot",
  "/account/reset?token=x",
  "/account/verify",
];
const OWN = ["/account", "/account/security"];
const FORMS = [
  "/account/sign-in",
  "/account/sign-in/with",
  "/account/sign-up",
  "/account/confirm",
  "/account/verify",
  "/account/forgot",
  "/account/reset",
  "/account/sign-out",
  "/account/name",
  "/account/security/password",
  "/account/security/email",
  "/account/security/passkeys/remove",
  "/account/security/sessions/end",
  "/account/security/sessions/end-others",
  "/account/security/sessions/end-all",
];
const typed = { name: "Ada", email: "ada@example.com", password: "a long and private one" };

describe("the account's pages", () => {
  test("are nobody else's", async () => {
    for (const path of PUBLIC) {
      const answer = await send(path);
      expect([path, answer.status, answer.headers.get("cache-control")]).toEqual([
        path,
        200,
        "private, no-store",
      ]);
    }
  });

  test("ask whoever is not signed in to be so, and come back", async () => {
    for (const path of OWN) {
      const answer = await send(path, { redirect: "manual" });
      expect([answer.status, answer.headers.get("location")]).toEqual([
        303,
        `/account/sign-in?next=${encodeURIComponent(path)}`,
      ]);
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
    }
  });

  test("say what a link of an e-mail came to, also to whoever opens it elsewhere", async () => {
    const changed = await send("/account/security?said=email_changed", { redirect: "manual" });
    expect(changed.headers.get("location")).toContain("said=email_changed");
    expect(await (await send("/account/verify")).text()).toContain(
      "This link has expired or was already used",
    );
    expect(await (await send("/account/reset")).text()).toContain("This link is used or too old");
  });

  test("go on only within the store", async () => {
    const nextIn = async (path: string) =>
      /name="next" value="([^"]*)"/.exec(await (await send(path)).text())?.[1];
    expect(await nextIn("/account/sign-in?next=/checkout")).toBe("/checkout");
    for (const elsewhere of ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example"])
      expect(await nextIn(`/account/sign-in?next=${encodeURIComponent(elsewhere)}`)).toBe("/account");
  });

  test("are offered at checkout, and lead back there", async () => {
    await keepTestCatalog();
    const cookie = cookiesOf(await sendForm("/cart/lines", { sku: CABLE, quantity: "1" }));
    const html = await (await send("/checkout", { headers: { cookie } })).text();
    expect(html).toContain('href="/account/sign-in?next=/checkout"');
  });

  test("say nothing that an address makes up", async () => {
    const html = await (await send("/account/sign-in?said=password_changed")).text();
    expect(html).not.toContain("Your password is changed");
    expect(await (await send("/account/sign-in?said=password_reset")).text()).toContain(
      "Your new password is set",
    );
  });
});

describe("the account's forms", () => {
  test("are taken from no other site", async () => {
    for (const path of FORMS) {
      const answer = await sendForm(path, typed, { "sec-fetch-site": "cross-site" });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  test("say what is wrong in the words of people, and keep what was typed but for the password", async () => {
    const answer = await sendForm("/account/sign-up", { ...typed, name: " ", password: "too short" });
    const html = await answer.text();
    expect(answer.status).toBe(422);
    expect(html).toContain("Enter your name.");
    expect(html).toContain("Choose a password of at least 10 characters.");
    expect(html).toContain('value="ada@example.com"');
    expect(html).not.toContain("too short");
  });

  test("refuse escaped bytes that are not UTF-8, rather than keep a name with replacement characters", async () => {
    const post = (body: string) =>
      send("/account/sign-up", {
        method: "POST",
        headers: { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" },
        body,
      });
    expect((await post("name=Ren%E9&email=rene%40example.com")).status).toBe(400);
    expect((await post("name=Ren%C3%A9%20100%&email=rene%40example.com")).status).toBe(422);
  });

  test("try nothing that cannot be counted: without Redis they are closed, and say so", async () => {
    for (const path of ["/account/sign-in", "/account/sign-up", "/account/forgot"]) {
      const answer = await sendForm(path, typed);
      const html = await answer.text();
      expect([path, answer.status, answer.headers.get("retry-after")]).toEqual([path, 503, "60"]);
      expect(html).toContain("This is not possible right now");
      expect(html).toContain('value="ada@example.com"');
      expect(html).not.toContain(typed.password);
    }
  });

  test("of an account lead whoever is not signed in to where one does that", async () => {
    const answer = await sendForm("/account/security/password", {
      currentPassword: typed.password,
      newPassword: typed.password,
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([
      303,
      "/account/sign-in?next=%2Faccount%2Fsecurity&again=1&said=sign_in_first",
    ]);
  });

  test("know no provider that the store has no keys for", async () => {
    for (const provider of ["google", "apple", "elsewhere"])
      expect((await sendForm("/account/sign-in/with", { provider })).status).toBe(404);
  });
});
