/** An account in a browser: left, forgotten and found again without JavaScript; made, and opened by a passkey, with it. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { linkInMail } from "../harness/browser-jar.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS, expectStatus, newEmail } from "../harness/store.ts";
import { browserMissing, launchBrowser, visit } from "./browser.ts";
import { during } from "./journey.ts";

const PASSWORD = "a long and private one";
const NEW_PASSWORD = "another long and private one";

const store = sharedStore();
const missing = browserMissing();

describe.skipIf(missing !== null)(`an account in a browser${missing === null ? "" : ` (${missing})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  // Browsers keep no passkey for an IP address.
  const origin = store.url.replace("127.0.0.1", "localhost");
  /** From an address of its own, so that no other test's attempts count. */
  const person = (options: Parameters<typeof visit>[2] = {}) =>
    visit(browser, origin, {
      ...options,
      extraHTTPHeaders: { "cf-connecting-ip": `172.20.0.${String(1 + (people++ % 250))}` },
    });
  let people = 0;

  async function signUp(page: Page, email: string): Promise<void> {
    await page.goto("/account/sign-up");
    await page.getByLabel("Your name").fill("Ada Lovelace");
    await page.getByLabel("E-mail").fill(email);
    // The form is taken once the widget has made its proof.
    await waitFor(
      async () => {
        await page.getByLabel("Password").fill(PASSWORD);
        await page.getByRole("button", { name: "Make an account" }).click();
        await page.waitForLoadState();
        return (await page.getByRole("heading", { name: "Look in your mail" }).count()) > 0;
      },
      { what: "the form to be taken", timeoutMs: EVENTUALLY_MS },
    );
    await confirm(page, email);
  }

  /** Opens an account in this browser, made by the API: what tests of other things begin with. */
  async function withAccount(page: Page, email: string): Promise<void> {
    const answer = await store.request("POST", "/api/auth/sign-up/email", {
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "Ada Lovelace", email, password: PASSWORD }),
    });
    expectStatus(answer, 200);
    await confirm(page, email);
  }

  async function confirm(page: Page, email: string): Promise<void> {
    await page.goto(await linkInMail(store, email, "Confirm your e-mail address"));
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: "Confirm and sign in" }).click();
    await page.getByRole("heading", { name: "Hello, Ada Lovelace" }).waitFor();
  }

  async function signIn(page: Page, email: string, password: string): Promise<void> {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  }

  const path = (page: Page) => new URL(page.url()).pathname;

  it("is left, forgotten and found again without JavaScript, and goes on where it was asked to sign in", async () => {
    const email = newEmail();
    await during(await person({ javaScriptEnabled: false }), async ({ page, photograph }, complaints) => {
      complaints.forget((complaint) => /\b40[13]\b/.test(complaint));
      await withAccount(page, email);
      await page.getByText("Your e-mail address is confirmed").waitFor();
      await photograph("account-overview");
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByText("You are signed out").waitFor();

      await page.goto("/account/security");
      expect(path(page)).toBe("/account/sign-in");
      await signIn(page, email, "not my password at all");
      await page.getByText("E-mail or password is wrong").waitFor();
      await photograph("account-sign-in-wrong");
      expect(await page.getByLabel("E-mail").inputValue()).toBe(email);
      expect(await page.getByLabel("Password").inputValue()).toBe("");

      await page.getByRole("link", { name: "Forgot your password?" }).click();
      await page.getByLabel("E-mail").fill(email);
      await page.getByRole("button", { name: "Send the link" }).click();
      await page.getByRole("heading", { name: "Look in your mail" }).waitFor();
      await photograph("account-mail-sent");
      const link = await linkInMail(store, email, "Choose a new password");
      await page.goto(link);
      await page.getByLabel("New password").fill(NEW_PASSWORD);
      await page.getByRole("button", { name: "Set this password" }).click();
      await page.getByText("Your new password is set").waitFor();
      await page.goto("/account/security");
      await signIn(page, email, NEW_PASSWORD);
      await page.getByRole("heading", { name: "Sign-in and security" }).waitFor();
      await page.goto("/account/sign-in?again=1&next=//elsewhere.example/");
      await signIn(page, email, NEW_PASSWORD);
      await page.getByRole("heading", { name: "Hello, Ada Lovelace" }).waitFor();
      expect(new URL(page.url()).origin).toBe(origin);

      await page.goto(link);
      await page.getByLabel("New password").fill(PASSWORD);
      await page.getByRole("button", { name: "Set this password" }).click();
      await page.getByRole("link", { name: "Send a new link" }).waitFor();
      complaints.forget((complaint) => complaint.includes("400"));
    });
  });

  it("shows where it is signed in, and ends that one by one and everywhere", async () => {
    const email = newEmail();
    const other = await person({
      javaScriptEnabled: false,
      userAgent: "Mozilla/5.0 (X11; Linux) Firefox/140.0",
    });
    await during(await person({ javaScriptEnabled: false }), async ({ page, photograph }) => {
      await withAccount(page, email);
      await other.page.goto("/account/sign-in");
      await signIn(other.page, email, PASSWORD);
      await other.page.getByRole("heading", { name: "Hello" }).waitFor();

      await page.goto("/account/security");
      await photograph("account-security");
      const sessions = page.getByRole("region", { name: "Where you are signed in" }).getByRole("listitem");
      expect(await sessions.count()).toBe(2);
      await sessions
        .filter({ hasText: "Firefox on Linux" })
        .getByRole("button", { name: "Sign out" })
        .click();
      await page.getByText("That device is signed out").waitFor();
      expect(await sessions.count()).toBe(1);
      await sessions.filter({ hasText: "This device" }).waitFor();

      // Its cookie's copy is still good for what sells, and for nothing of the account.
      await other.page.goto("/account/security");
      expect(path(other.page)).toBe("/account/sign-in");

      await page.getByRole("button", { name: "Sign out everywhere" }).click();
      await page.getByText("You are signed out everywhere").waitFor();
      await page.goto("/account");
      expect(path(page)).toBe("/account/sign-in");
    });
    await other.end();
  });

  it("is made, opened by a passkey, and no more once that is removed", async () => {
    const email = newEmail();
    await during(await person(), async ({ page, photograph }, complaints) => {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("WebAuthn.enable");
      await devtools.send("WebAuthn.addVirtualAuthenticator", {
        options: {
          protocol: "ctap2",
          transport: "internal",
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
        },
      });
      await signUp(page, email);
      await page.getByRole("link", { name: "Account of Ada" }).waitFor();
      await page.getByRole("link", { name: "Security" }).first().click();
      await page.getByLabel("Name").fill("Key of the test");
      await page.getByRole("button", { name: "Make a passkey" }).click();
      await page.getByText("Your passkey is ready").waitFor();
      const passkeys = page.getByRole("region", { name: "Passkeys" }).getByRole("listitem");
      expect(await passkeys.allInnerTexts()).toEqual([expect.stringContaining("Key of the test")]);
      await photograph("account-passkey");

      const openSignIn = async () => {
        await page.goto("/account");
        await page.getByRole("button", { name: "Sign out" }).click();
        // It may lead on by itself before it has loaded to its end.
        await page.goto("/account/sign-in?next=/account/security", { waitUntil: "commit" });
      };
      // This authenticator takes the browser's suggestion by itself, as if the person had picked it.
      await openSignIn();
      await page.getByRole("heading", { name: "Sign-in and security" }).waitFor();

      await page.addInitScript(
        "PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)",
      );
      await openSignIn();
      await page.getByRole("button", { name: "Sign in with a passkey" }).click();
      await page.getByRole("heading", { name: "Sign-in and security" }).waitFor();

      await page.getByRole("button", { name: "Remove Key of the test" }).click();
      await page.getByText("The passkey is removed").waitFor();
      await openSignIn();
      await page.getByRole("button", { name: "Sign in with a passkey" }).click();
      await page.getByText("This passkey opens no account here").waitFor();
      complaints.forget((complaint) => complaint.includes("401"));
    });
  });

  it("changes its password, and its address once both have agreed", async () => {
    const email = newEmail();
    const next = newEmail();
    await during(await person({ javaScriptEnabled: false }), async ({ page }, complaints) => {
      complaints.forget((complaint) => complaint.includes("401") || complaint.includes("422"));
      await withAccount(page, email);
      await page.goto("/account/security");
      await page.getByLabel("Present password").fill("not my password at all");
      await page.getByLabel("New password").fill(NEW_PASSWORD);
      await page.getByRole("button", { name: "Change the password" }).click();
      await page.getByText("The present password is wrong").waitFor();
      await page.getByLabel("Present password").fill(PASSWORD);
      await page.getByLabel("New password").fill(NEW_PASSWORD);
      await page.getByRole("button", { name: "Change the password" }).click();
      await page.getByText("Your password is changed").waitFor();

      await page.getByLabel("New e-mail").fill(next);
      await page.getByRole("button", { name: "Change the address" }).click();
      await page.getByText("Now look in your mail").waitFor();
      await page.goto(await linkInMail(store, email, "Confirm your new e-mail address"));
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByText("One more step").waitFor();
      await page.goto(await linkInMail(store, next, "Confirm your e-mail address"));
      await page.getByRole("button", { name: "Change email" }).click();
      await page.getByText("Your email is changed").waitFor();
      await page.goto("/account");
      await page.getByText(`You are signed in as ${next}.`).waitFor();
    });
  });
});
