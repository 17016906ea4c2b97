/** The account's pages on a running store: what they have in common with the API, and what they must not tell. */
import { describe, expect, it } from "vitest";
import { ATTEMPT_RULES } from "../../src/adapters/accounts/attempt-limits.ts";
import { BrowserJar, confirmEmail } from "../harness/browser-jar.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { newEmail } from "../harness/store.ts";
import { forgetAttempts } from "../security/redis-side.ts";

const store = sharedStore();

const PASSWORD = "a long and private one";

async function signedUp(browser: BrowserJar): Promise<string> {
  const email = newEmail();
  await browser.post("/api/auth/sign-up/email", { name: "Ada", email, password: PASSWORD });
  await confirmEmail(store, browser, { email, password: PASSWORD });
  return email;
}

const guess = (browser: BrowserJar, email: string) =>
  browser.submit("/account/sign-in", { email, password: "not the password at all" });

describe("the account's pages", () => {
  it("say the same whether or not an address has an account", async () => {
    const known = await signedUp(new BrowserJar(store));
    const stranger = new BrowserJar(store);
    const answers = async (email: string) => {
      const signUp = { name: "Eve", email, password: PASSWORD };
      const sent = [
        await stranger.submit("/account/sign-up", signUp),
        await stranger.submit("/account/confirm", { email }),
        await stranger.submit("/account/forgot", { email }),
        await guess(stranger, email),
      ];
      return sent.map(({ status, body }) => ({ status, html: String(body).replaceAll(email, "ADDRESS") }));
    };
    const ofKnown = await answers(known);
    expect(ofKnown.map(({ status }) => status)).toEqual([200, 200, 200, 401]);
    expect(await answers(newEmail())).toEqual(ofKnown);
  });

  it("count guesses with those over the API", async () => {
    const email = await signedUp(new BrowserJar(store));
    // Confirming took the password, too.
    await forgetAttempts(store);
    const statuses: number[] = [];
    for (let count = 0; count < ATTEMPT_RULES.guess.perAccount; count++) {
      const browser = new BrowserJar(store);
      const answer =
        count % 2 === 0
          ? await guess(browser, email)
          : await browser.post("/api/auth/sign-in/email", { email, password: "nor is this one" });
      statuses.push(answer.status);
    }
    expect(new Set(statuses)).toEqual(new Set([401]));
    const { status, headers, body } = await guess(new BrowserJar(store), email);
    expect(status).toBe(429);
    const seconds = Number(headers.get("retry-after"));
    expect(seconds > 0 && seconds <= ATTEMPT_RULES.guess.periodSeconds).toBe(true);
    expect(body).toContain("Please wait a minute and try again");
  });

  it("name a session of somebody else's to nobody, and end none", async () => {
    const owner = new BrowserJar(store);
    await signedUp(owner);
    const [{ id }] = (await owner.get("/api/auth/list-sessions")).body as [{ id: string; token: string }];
    const intruder = new BrowserJar(store);
    await signedUp(intruder);
    await intruder.submit("/account/security/sessions/end", { id });
    owner.forget("__Host-session-copy");
    expect((await owner.get("/account")).status).toBe(200);
    const page = String((await owner.get("/account/security")).body);
    expect(page).not.toContain(owner.cookies.get("__Host-session")?.split(".")[0]);
  });

  it("greet by the name that was chosen last", async () => {
    const browser = new BrowserJar(store);
    await signedUp(browser);
    const refused = await browser.submit("/account/name", { name: " " });
    expect([refused.status, String(refused.body).includes("Enter your name.")]).toEqual([422, true]);
    const changed = await browser.submit("/account/name", { name: "Augusta Ada King" });
    expect([changed.status, changed.headers.get("location")]).toEqual([303, "/account?said=name_changed"]);
    expect((await browser.get("/account?said=name_changed")).body).toContain("Hello, Augusta Ada King");
    expect((await browser.get("/api/shopper")).body).toMatchObject({ name: "Augusta Ada King" });
  });

  it("remove no passkey that is somebody else's", async () => {
    const intruder = new BrowserJar(store);
    await signedUp(intruder);
    const answer = await intruder.submit("/account/security/passkeys/remove", { id: "another's" });
    expect(answer.status).toBe(404);
  });

  it("end the session with the browser where one does not wish to stay signed in", async () => {
    const email = await signedUp(new BrowserJar(store));
    const lifetimes = async (fields: Record<string, string>) => {
      const { headers } = await new BrowserJar(store).submit("/account/sign-in", {
        email,
        password: PASSWORD,
        ...fields,
      });
      const cookie = headers.getSetCookie().find((line) => line.startsWith("__Host-session="));
      return /max-age=/i.test(cookie ?? "");
    };
    expect([await lifetimes({ remember: "yes" }), await lifetimes({})]).toEqual([true, false]);
  });
});
