/** Canaries while Postgres, then Redis, is away: what fails is logged, and a failed query would quote what it was asked with. */
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { BrowserJar, confirmEmail } from "../harness/browser-jar.ts";
import { ownStore } from "../harness/own-store.ts";
import type { Store } from "../harness/store.ts";

const running = ownStore();
const store = (): Store => running().store;

const mark = `canary${randomUUID().replaceAll("-", "")}`;
const EMAIL = `${mark}@example.com`;
const PASSWORD = `${mark} password`;

it.each(["postgres", "redis"] as const)(
  "what fails without %s is logged without anybody's data",
  async (part) => {
    const email = `${part}-${EMAIL}`;
    const browser = new BrowserJar(store());
    await browser.post("/api/auth/sign-up/email", { name: mark, email, password: PASSWORD });
    await confirmEmail(store(), browser, { email, password: PASSWORD });
    const sku = await store().stock.skuWith(2);
    const before = store().logLines().length;
    await running().stopPart(part);
    try {
      browser.forget("__Host-session-copy");
      await browser.get("/api/auth/get-session");
      await browser.get("/account");
      const stranger = new BrowserJar(store());
      await stranger.post("/api/auth/sign-in/email", { email, password: PASSWORD });
      await stranger.post("/api/auth/sign-up/email", {
        name: mark,
        email: `new-${email}`,
        password: PASSWORD,
      });
      await stranger.post("/api/auth/request-password-reset", { email });
      await stranger.post("/api/auth/reset-password", { token: mark, newPassword: PASSWORD });
      await stranger.get(`/account/verify?token=${mark}`);
      await store().placed({ lines: [{ sku, quantity: 1 }], email });
      await store().request("GET", `/api/ops/orders?query=${mark}`, { headers: await store().opsHeaders() });
      await store().request("POST", "/orders/find", {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ number: "ABCD-EFGH", email }).toString(),
      });
    } finally {
      await running().startPart(part);
    }
    const lines = store().logLines().slice(before);
    expect(lines.filter((line) => line.includes('"level":"error"')).length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes(mark) || line.includes("Failed query"))).toEqual([]);
  },
);
