/** What an order, an account's address and a price may be, on the whole store: nothing the next system would refuse is taken. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { BrowserJar } from "../harness/browser-jar.ts";
import { expectProblem } from "../harness/expect-problem.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS } from "../harness/store.ts";

const store = sharedStore();
const PASSWORD = "a long and private one";

describe("an account", () => {
  it.each([
    ["what browsers take as an address", `a&b/${randomUUID().slice(0, 8)}=@example.com`, null],
    [
      "a domain in letters of another script",
      `anna-${randomUUID().slice(0, 8)}@почта.рф`,
      "xn--80a1acny.xn--p1ai",
    ],
  ])("has %s, in every request that names it", async (_, email, domain) => {
    const browser = new BrowserJar(store);
    const mailed = domain === null ? email : email.replace(/@.*/, `@${domain}`);
    const signedUp = await browser.post("/api/auth/sign-up/email", {
      name: "Ada",
      email,
      password: PASSWORD,
    });
    expect(signedUp.status).toBe(200);
    await waitFor(async () => (await store.mailTo(mailed)).length > 0, {
      what: `mail to ${mailed}`,
      timeoutMs: EVENTUALLY_MS,
    });
    for (const address of [email, mailed]) {
      const signIn = await browser.post("/api/auth/sign-in/email", { email: address, password: PASSWORD });
      expectProblem(signIn, "email_not_verified");
    }
    expect((await browser.post("/api/auth/request-password-reset", { email })).status).toBe(200);
    expect((await browser.post("/api/auth/send-verification-email", { email })).status).toBe(200);
  });

  it("has no address that mail cannot be delivered to", async () => {
    for (const email of ["анна@почта.рф", "a@example-.com"]) {
      const body = { name: "Ada", email, password: PASSWORD };
      const answer = await new BrowserJar(store).post("/api/auth/sign-up/email", body);
      const problem = expectProblem(answer, "validation_failed");
      expect(problem.errors?.map(({ path }) => path)).toEqual(["email"]);
    }
  });
});

describe("a price", () => {
  it.each([1, 49, 100_000_000])("of %i cents cannot be charged, and is not set", async (amount) => {
    const sku = await store.stock.skuWith(1);
    const answer = await store.request("PUT", `/api/ops/skus/${sku}/price`, {
      headers: await store.opsHeaders(),
      body: JSON.stringify({ id: randomUUID(), amount, currency: "USD", reason: "a slip" }),
    });
    const problem = expectProblem(answer, "validation_failed");
    expect(problem.errors?.map(({ path }) => path)).toEqual(["amount"]);
  });
});
