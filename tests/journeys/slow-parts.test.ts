/** Slow is not down: what one purpose gives up on stays open to those that can wait. */
import { describe, expect, it } from "vitest";
import { BrowserJar, confirmEmail } from "../harness/browser-jar.ts";
import { ownStore } from "../harness/own-store.ts";
import { withFaults } from "../harness/part-faults.ts";
import { newEmail, type Store } from "../harness/store.ts";

const running = ownStore();
const store = (): Store => running().store;

const PASSWORD = "a long and private one";
/** Beyond what pages and placements wait for, far below what a sign-in waits for. */
const REDIS_AWAY_MS = 70;
/** Beyond what a session's copy is waited for. */
const REDIS_FAR_MS = 700;
/** Beyond what a page waits for stock figures. */
const POSTGRES_AWAY_MS = 600;

async function signedUp(): Promise<{ email: string; browser: BrowserJar }> {
  const browser = new BrowserJar(store());
  const email = newEmail();
  await browser.post("/api/auth/sign-up/email", { name: "Ada", email, password: PASSWORD });
  await confirmEmail(store(), browser, { email, password: PASSWORD });
  return { email, browser };
}

const signIn = async (browser: BrowserJar, email: string): Promise<number> =>
  (await browser.post("/api/auth/sign-in/email", { email, password: PASSWORD })).status;

/** More than opens a circuit, each of another product, so that none is answered from a cache. */
async function readWhatIsCopied(): Promise<void> {
  const { body } = await store().request("GET", "/api/products?limit=20");
  const { items } = body as { items: { skus: { sku: string }[] }[] };
  for (const { skus } of items)
    for (const { sku } of skus.slice(0, 1)) await store().request("GET", `/api/availability?sku=${sku}`);
}

describe("a Redis that is slow", () => {
  it("takes sign-ins, while reads give their copies up after 50 ms", async () => {
    const { email } = await signedUp();
    await withFaults(store(), "redis", { latencyMs: REDIS_AWAY_MS }, async () => {
      const statuses: number[] = [];
      for (let time = 0; time < 3; time += 1) {
        await readWhatIsCopied();
        statuses.push(await signIn(new BrowserJar(store()), email));
      }
      expect(statuses).toEqual([200, 200, 200]);
      const health = await store().request("GET", "/api/health");
      expect(health.body).toMatchObject({ dependencies: { redis: "up" } });
    });
  });

  it("signs in and out where it answers later than a copy of a session is waited for", async () => {
    const { email, browser } = await signedUp();
    await withFaults(store(), "redis", { latencyMs: REDIS_FAR_MS }, async () => {
      for (let time = 0; time < 3; time += 1) {
        browser.forget("__Host-session-copy");
        expect((await browser.get("/api/auth/get-session")).body).toMatchObject({ user: { email } });
        expect(await signIn(browser, email)).toBe(200);
      }
      expect((await browser.post("/api/auth/sign-out")).status).toBe(200);
    });
    expect((await browser.get("/api/auth/get-session")).body).toBeNull();
  });
});

describe("a Redis that fails for a while", () => {
  it("takes sign-ins again as soon as it is back, though reads met its failures", async () => {
    const { email } = await signedUp();
    await withFaults(store(), "redis", { errorRate: 1 }, readWhatIsCopied);
    expect(await signIn(new BrowserJar(store()), email)).toBe(200);
  });
});

describe("a Postgres that is slow", () => {
  it("still takes sign-ins, sign-ups and orders", async () => {
    const { email } = await signedUp();
    const sku = await store().stock.skuWith(2);
    await withFaults(store(), "neon", { latencyMs: POSTGRES_AWAY_MS }, async () => {
      await readWhatIsCopied();
      expect(await signIn(new BrowserJar(store()), email)).toBe(200);
      await store().placed({ lines: [{ sku, quantity: 1 }] });
    });
  });
});
