/** "Tell me when it is back": asked on the page, told by e-mail once it is, and ended by one POST. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SEED_SKUS } from "../../local/seed/catalog.ts";
import { waitFor } from "../../local/process/wait-for.ts";
import { ProductList } from "../../src/contracts/catalog.ts";
import { BrowserJar } from "../harness/browser-jar.ts";
import { sharedStore } from "../harness/shared-store.ts";
import { EVENTUALLY_MS, newEmail, type Answer } from "../harness/store.ts";

const store = sharedStore();

interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function slugOf(sku: string): Promise<string> {
  const { items } = ProductList.parse((await store.request("GET", "/api/products?limit=100")).body);
  const product = items.find(({ skus }) => skus.some((candidate) => candidate.sku === sku));
  if (product === undefined) throw new Error(`no product has ${sku}`);
  return product.slug;
}

/** A SKU that is sold out, as pages say too. */
async function soldOutSku(): Promise<string> {
  const sku = await store.stock.skuWith(1);
  await store.stock.adjust(sku, -1);
  await waitFor(
    async () => {
      const answer = await store.request("GET", `/api/availability?sku=${sku}`);
      return (answer.body as { items: { status: string }[] }).items[0]?.status === "sold_out";
    },
    { what: `${sku} to be told as sold out`, timeoutMs: EVENTUALLY_MS },
  );
  return sku;
}

/** For tests that leave it sold out. */
let keptSoldOut: Promise<string> | null = null;
const anySoldOutSku = (): Promise<string> => (keptSoldOut ??= soldOutSku());

async function ask(
  sku: string,
  email: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return await store.request("POST", `/products/${await slugOf(sku)}/notices`, {
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams({ sku, email }).toString(),
  });
}

/** Brings units back and lets the cron look, once the copy that it looks at has them. */
async function restock(sku: string, units: number): Promise<void> {
  await store.stock.adjust(sku, units);
  await store.rowsWhere<{ available: string }>(
    `${sku} to be back in the copy of the levels`,
    ["select available from stock_levels where sku = $1", [sku]],
    ([row]) => Number(row?.available) === units,
  );
  store.tickCron();
}

async function mailTo(address: string, subject: string): Promise<Mail> {
  return await waitFor(
    async () => {
      const url = new URL("/api/messages", store.endpoints.mail);
      url.searchParams.set("to", address);
      const list = (await (await fetch(url)).json()) as { messages: { id: string; subject: string }[] };
      const found = list.messages.find((message) => message.subject.startsWith(subject));
      if (found === undefined) return false;
      const whole = new URL(`/api/messages/${encodeURIComponent(found.id)}`, store.endpoints.mail);
      return (await (await fetch(whole)).json()) as Mail;
    },
    { what: `an e-mail "${subject}" to ${address}`, timeoutMs: EVENTUALLY_MS },
  );
}

/** Where the e-mail's header says that one POST ends it. */
function wayOut({ headers }: Mail): string {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const header = new Map(named);
  expect(header.get("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
  const [, url = ""] = /^<([^>]+)>$/.exec(header.get("list-unsubscribe") ?? "") ?? [];
  const { pathname, search } = new URL(url);
  return pathname + search;
}

describe("somebody who waits for a SKU", () => {
  it("is told once it is back, and after one POST never again", async () => {
    const [first, second] = [await soldOutSku(), await soldOutSku()];
    const [ada, bob] = [newEmail(), newEmail()];
    for (const sku of [first, second]) expect((await ask(sku, ada.toUpperCase())).status).toBe(303);
    await ask(second, bob);

    await restock(first, 5);
    const mail = await mailTo(ada, "Back in stock");
    expect(mail.text).toContain(`?sku=${first}`);

    // As a mail program does it: no cookie, no page looked at, no redirect followed.
    const ended = await store.request("POST", wayOut(mail), {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "List-Unsubscribe=One-Click",
    });
    expect(ended.status).toBe(200);

    await restock(second, 5);
    await mailTo(bob, "Back in stock");
    // Sold out and back once more: whoever was told had asked for one message.
    await store.stock.adjust(first, -5);
    await restock(first, 3);
    const carla = newEmail();
    const third = await soldOutSku();
    await ask(third, carla);
    await restock(third, 1);
    await mailTo(carla, "Back in stock");
    expect(await store.mailTo(ada)).toHaveLength(1);
    expect(await store.mailTo(bob)).toHaveLength(1);
  });

  it("gets the same answer however often it asks, and comes back to the page that says so", async () => {
    const sku = await anySoldOutSku();
    const email = newEmail();
    const browser = new BrowserJar(store);
    const asked = async (address: string) => {
      const answer = await browser.submit(`/products/${await slugOf(sku)}/notices`, { sku, email: address });
      return answer.headers.get("location") ?? "";
    };
    const locations = [await asked(email), await asked(email), await asked(newEmail())];
    expect(new Set(locations).size).toBe(1);
    const page = await browser.request("GET", (locations[0] ?? "").replace(/#.*/, ""));
    expect(page.body).toContain("We will tell you.");
    expect(page.headers.get("cache-control")).toBe("private, no-store");
    const rows = await store.rows("select id from stock_notices where email = $1", [email]);
    expect(rows).toHaveLength(1);
  });

  it("is asked for an address that is one, with what was typed kept", async () => {
    const answer = await ask(await anySoldOutSku(), "ada@nowhere<");
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('value="ada@nowhere&lt;"');
    expect(answer.body).toContain('aria-invalid="true"');
  });

  it("is sent to what is in stock rather than made to wait", async () => {
    const sku = SEED_SKUS.unlimited;
    const email = newEmail();
    expect((await ask(sku, email)).headers.get("location")).toMatch(new RegExp(`\\?sku=${sku}$`));
    expect(await store.rows("select id from stock_notices where email = $1", [email])).toEqual([]);
  });
});

describe("somebody who waits for a drop", () => {
  it("is told an hour before it opens", async () => {
    const [drop] = await store.rows<{ product_slug: string; opens_at: Date; sku: string }>(
      `select drops.product_slug, drops.opens_at, skus.sku from drops
       join skus on skus.product_slug = drops.product_slug where drops.opens_at > now() limit 1`,
    );
    if (drop === undefined) throw new Error("the seed catalog has a drop ahead");
    const email = newEmail();
    expect((await ask(drop.sku, email)).status).toBe(303);
    store.tickCron();
    await store.rows("update stock_notices set created_at = now() - interval '2 hours' where email = $1", [
      email,
    ]);
    await store.rows("update drops set opens_at = now() + interval '50 minutes' where product_slug = $1", [
      drop.product_slug,
    ]);
    try {
      store.tickCron();
      const mail = await mailTo(email, "Soon on sale");
      expect(mail.text).toContain(`/products/${drop.product_slug}`);
      expect(await store.mailTo(email)).toHaveLength(1);
    } finally {
      await store.rows("update drops set opens_at = $2 where product_slug = $1", [
        drop.product_slug,
        drop.opens_at,
      ]);
    }
  });
});

describe("the way in and the way out", () => {
  it("are not open to a flood from one network", async () => {
    const sku = await anySoldOutSku();
    const headers = { "cf-connecting-ip": "192.0.2.77" };
    const statuses = new Set<number>();
    for (let sent = 0; sent < 40 && !statuses.has(429); sent += 1)
      statuses.add((await ask(sku, "no address", headers)).status);
    expect(statuses).toEqual(new Set([422, 429]));
  });

  it("need what was signed by us, and a form of our own pages", async () => {
    const invented = await store.request("POST", `/notices/unsubscribe?token=1${"a".repeat(56)}`);
    expect(invented.status).toBe(404);
    const foreign = await ask(await anySoldOutSku(), newEmail(), { "sec-fetch-site": "cross-site" });
    expect(foreign.status).toBe(403);
    const unknown = await store.request("POST", "/products/no-such-product/notices", {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        sku: `SKU-${randomUUID().slice(0, 8)}`.toUpperCase(),
        email: newEmail(),
      }).toString(),
    });
    expect(unknown.status).toBe(404);
  });
});
