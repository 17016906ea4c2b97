/** What a rush of visitors costs: nothing at the SKU's object, a handful of renders; and who sees a change, and when. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { waitFor } from "../../local/process/wait-for.ts";
import { runCommand } from "../harness/command.ts";
import { inParallel, range } from "../harness/in-parallel.ts";
import { ownStore } from "../harness/own-store.ts";
import { EVENTUALLY_MS, type Answer, type Store } from "../harness/store.ts";

const running = ownStore();
const store = (): Store => running().store;

const VIEWS = 1_000;
const BUYERS = 100;
const AT_ONCE = 50;
/** Far below the ten seconds after which an idle object falls asleep. */
const WATCH_MS = 1_000;
/** How often a change is tried: a machine may be so busy that a copy's time is over before, a broken cache spoils them all. */
const ATTEMPTS = 3;
/** So old a copy is confirmed by itself, dropped or not (`s-maxage`), in seconds of the store's own clock. */
const FRESH_SECONDS = 30;

/** A product that other tests of this file leave alone, with its first SKU and that SKU's price. */
interface Shown {
  readonly slug: string;
  readonly sku: string;
  readonly amount: number;
}
const taken = new Set<string>();
async function untouched(): Promise<Shown> {
  const { body } = await store().request("GET", "/api/products?limit=100");
  const { items } = body as {
    items: { slug: string; status: string; skus: { sku: string; price: { amount: number } }[] }[];
  };
  const product = items.find(({ slug, status }) => status === "in_stock" && !taken.has(slug));
  const sku = product?.skus[0];
  if (product === undefined || sku === undefined) throw new Error("no product left for this test");
  taken.add(product.slug);
  return { slug: product.slug, sku: sku.sku, amount: sku.price.amount };
}

const view = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  store().request("GET", path, { headers });
const cacheStatus = ({ headers }: Answer): string => headers.get("cf-cache-status") ?? "none";
const ageSeconds = ({ headers }: Answer): number => Number(headers.get("age") ?? 0);
const requestIdOf = ({ headers }: Answer): string | null => headers.get("x-request-id");
const pageOf = ({ slug, sku }: Shown): string => `/products/${slug}?sku=${sku}`;

/** As a page shows it: `$1,234.56`. */
const money = (amount: number): string =>
  new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" }).format(amount / 100);

/** Warm pages are answered from copies until nothing looks at them again by itself. */
async function warm(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await waitFor(async () => cacheStatus(await view(path)) === "HIT", {
      what: `${path} to be answered from a copy`,
      timeoutMs: EVENTUALLY_MS,
    });
  }
}

/**
 * What a SKU's object is asked during `work`, beside the questions of this watch: those keep the object awake, which forgets
 * its count when it falls asleep.
 */
async function askedDuring(
  sku: string,
  work: () => Promise<void>,
): Promise<{ reads: number; commands: number }> {
  const before = await store().stock.requests(sku);
  const over = new AbortController();
  const watch = (async () => {
    while (!over.signal.aborted) {
      await store().stock.requests(sku);
      await delay(WATCH_MS, null, { signal: over.signal }).catch(() => undefined);
    }
  })();
  try {
    await work();
  } finally {
    over.abort();
    await watch;
  }
  const after = await store().stock.requests(sku);
  return { reads: after.reads - before.reads, commands: after.commands - before.commands };
}

/**
 * Waits until a path's answer satisfies a condition, and answers how old the copy was that did not, at its last answer: one below
 * `FRESH_SECONDS` was dropped, an older one may have been replaced because its time was over.
 */
async function until(path: string, what: string, holds: (answer: Answer) => boolean): Promise<number> {
  let lastAge = 0;
  await waitFor(
    async () => {
      const answer = await view(path);
      if (holds(answer)) return true;
      lastAge = ageSeconds(answer);
      return false;
    },
    { what: `${path} ${what}`, timeoutMs: EVENTUALLY_MS },
  );
  return lastAge;
}

/** A copy that nothing dropped answers still; it is being confirmed at most because its own time is over. */
function expectKept(former: Answer, answer: Answer): void {
  expect(requestIdOf(answer)).toBe(requestIdOf(former));
  if (ageSeconds(answer) < FRESH_SECONDS) expect(cacheStatus(answer)).toBe("HIT");
  else expect(["UPDATING", "REVALIDATED"]).toContain(cacheStatus(answer));
}

describe("a rush", () => {
  it("of a thousand page views among orders asks the SKU's object nothing, and is answered from copies", async () => {
    const sku = await store().stock.skuWith(BUYERS / 2, { unlimited: true });
    const { body } = await view("/api/products?limit=100");
    const { items } = body as { items: { slug: string; skus: { sku: string }[] }[] };
    const slug = items.find(({ skus }) => skus.some((each) => each.sku === sku))?.slug ?? "";
    taken.add(slug);
    const paths = [`/products/${slug}?sku=${sku}`, `/products/${slug}`, "/", "/products"];
    const polls: Answer[] = [];
    let views: Answer[] = [];
    const asked = await askedDuring(sku, async () => {
      const buying = inParallel(range(BUYERS), 10, () =>
        store().tryToPlace({ lines: [{ sku, quantity: 1 }] }),
      );
      views = await inParallel(range(VIEWS), AT_ONCE, async (index) => {
        if (index % 5 === 0) polls.push(await view(`/api/availability?sku=${sku}`));
        // Half of them have a cart: the page is the same.
        const headers = index % 2 === 0 ? {} : { cookie: `__Host-cart=${index}` };
        return view(paths[index % paths.length] ?? "/", headers);
      });
      const orders = await buying;
      expect(orders.filter(({ status }) => status === 201)).toHaveLength(BUYERS / 2);
    });
    expect(asked.reads).toBe(0);
    expect(new Set([...views, ...polls].map(({ status }) => status))).toEqual(new Set([200]));

    const statuses = views.map(cacheStatus);
    const fromCopies = statuses.filter((status) => status === "HIT" || status === "UPDATING").length;
    expect(fromCopies / VIEWS).toBeGreaterThanOrEqual(0.9);
    // Counted outside too: a rendered answer bears a request id of its own, a copy that of the one it is of.
    const rendered = new Set(views.map(({ headers }) => headers.get("x-request-id")));
    expect(rendered.size / VIEWS).toBeLessThanOrEqual(0.1);
    for (const each of views) expect(each.headers.has("set-cookie")).toBe(false);
  });

  it("page by page without orders leaves the object's requests at zero", async () => {
    const shown = await untouched();
    const asked = await askedDuring(shown.sku, async () => {
      await inParallel(range(200), AT_ONCE, () => view(pageOf(shown)));
    });
    expect(asked).toEqual({ reads: 0, commands: 0 });
  });

  it("is confirmed by 304 to whoever has the page, and personal pages are nobody else's", async () => {
    const shown = await untouched();
    const first = await view(pageOf(shown));
    const again = await view(pageOf(shown), { "if-none-match": first.headers.get("etag") ?? "" });
    expect([again.status, again.body]).toEqual([304, ""]);
    for (const path of ["/cart", "/api/cart", "/api/shopper"]) {
      const personal = await view(path);
      expect([path, cacheStatus(personal)]).toEqual([path, "BYPASS"]);
      expect(personal.headers.get("cache-control")).toContain("no-store");
    }
  });
});

const viewed = (paths: readonly string[]): Promise<Answer[]> => Promise.all(paths.map((path) => view(path)));

/**
 * Waits until the product's page and the API say the new price, while a shopper looks at another product; answers how old a
 * copy with the former price became at most, in seconds.
 */
async function oldestFormerCopy(
  shown: Shown,
  other: Shown,
  amount: number,
  change: () => Promise<void>,
): Promise<number> {
  await change();
  // Shoppers' browsers ask what is left: that is what reaches the Worker while pages are answered from copies.
  const shopping = new AbortController();
  const browser = (async () => {
    while (!shopping.signal.aborted) await view(`/api/availability?sku=${other.sku}`);
  })();
  try {
    const page = await until(pageOf(shown), "to show the new price", ({ body }) =>
      String(body).includes(money(amount)),
    );
    const api = await until(`/api/products/${shown.slug}`, "to say the new price", ({ body }) =>
      JSON.stringify(body).includes(`"amount":${amount}`),
    );
    return Math.max(page, api);
  } finally {
    shopping.abort();
    await browser;
  }
}

describe("a price", () => {
  const changes: [string, (shown: Shown, amount: number) => Promise<void>][] = [
    [
      "over the API of ops",
      async ({ sku }, amount) => {
        const answer = await store().request("PUT", `/api/ops/skus/${sku}/price`, {
          headers: await store().opsHeaders(),
          body: JSON.stringify({ id: randomUUID(), amount, currency: "USD", reason: "a test" }),
        });
        expect(answer).toMatchObject({ status: 200, body: { sku, price: { amount, currency: "USD" } } });
      },
    ],
    [
      "by SQL",
      async ({ sku }, amount) => {
        await store().rows(
          "update prices set unit_amount_minor = $2 where sku = $1 and valid_until is null",
          [sku, amount],
        );
      },
    ],
  ];

  it.each(changes)(
    "changed %s drops the pages that show it long before their own time, and no other",
    async (_, change) => {
      const shown = await untouched();
      const other = await untouched();
      const others = [pageOf(other), `/api/products/${other.slug}`];
      const lists = ["/", "/products", "/api/products"];
      let oldest = Infinity;
      for (let attempt = 1; attempt <= ATTEMPTS && oldest >= FRESH_SECONDS; attempt += 1) {
        const amount = shown.amount + 1_234 * attempt;
        await warm(pageOf(shown), ...lists, ...others);
        const former = await viewed(others);
        const formerLists = await viewed(lists);
        oldest = await oldestFormerCopy(shown, other, amount, () => change(shown, amount));
        const now = await viewed(others);
        for (const [index, each] of former.entries()) expectKept(each, now[index] ?? each);
        // Lists show the product as well, so they were made anew.
        const listsNow = await viewed(lists);
        expect(listsNow).toHaveLength(lists.length);
        for (const [index, made] of listsNow.entries())
          expect(requestIdOf(made)).not.toBe(requestIdOf(formerLists[index] ?? made));
      }
      expect(oldest).toBeLessThan(FRESH_SECONDS);
    },
  );

  it("repeated by its id changes nothing more; other content, another currency and a mere reader are refused", async () => {
    const { sku, amount } = await untouched();
    const put = async (body: object, headers?: Record<string, string>): Promise<Answer> =>
      store().request("PUT", `/api/ops/skus/${sku}/price`, {
        headers: headers ?? (await store().opsHeaders()),
        body: JSON.stringify({ id: `once-${sku}`, amount, currency: "USD", reason: "a test", ...body }),
      });
    const amountNow = { amount: amount + 100 };
    expect(await put(amountNow)).toMatchObject({ status: 200 });
    expect(await put(amountNow)).toMatchObject({ status: 200, body: { price: amountNow } });
    expect(await put({ amount: 100 })).toMatchObject({ status: 422, body: { errors: [{ path: "id" }] } });
    expect(await put({ id: "euro", currency: "EUR" })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "currency" }] },
    });
    expect(await put({}, { "content-type": "application/json" })).toMatchObject({ status: 401 });
    const audit = await store().rows(
      "select 1 from audit_log where subject = $1 and action = 'price.change'",
      [sku],
    );
    expect(audit.length).toBeGreaterThanOrEqual(4);
    // The object judges by the price the page shows.
    const order = await store().placed({ lines: [{ sku, quantity: 1 }] });
    expect(order.lines[0]?.unitPrice).toEqual({ amount: amount + 100, currency: "USD" });
  });
});

describe("the availability status", () => {
  it("drops the product's page when it changes, and no other", async () => {
    const shown = await untouched();
    const other = await untouched();
    const saysSoldOut = ({ body }: Answer): boolean => /sold out/i.test(String(body));
    let oldest = Infinity;
    for (let attempt = 1; attempt <= ATTEMPTS && oldest >= FRESH_SECONDS; attempt += 1) {
      const { available } = await store().stock.figures(shown.sku);
      // The first figure an object publishes may be news; what is watched is the change after it.
      await store().stock.adjust(shown.sku, 1);
      await until(pageOf(shown), "to offer it", (answer) => !saysSoldOut(answer));
      await warm(pageOf(shown), pageOf(other));
      const former = await view(pageOf(other));
      await store().stock.adjust(shown.sku, -available - 1);
      oldest = await until(pageOf(shown), "to say that it is sold out", saysSoldOut);
      expectKept(former, await view(pageOf(other)));
    }
    expect(oldest).toBeLessThan(FRESH_SECONDS);
  });
});

describe("the warm-up", () => {
  it("is one command, after which every address of the sitemap is answered from a copy", async () => {
    await waitFor(
      async () => {
        const command = runCommand(process.execPath, ["local/warm.ts", "--origin", store().url], {});
        expect(await command.ended()).toBe(0);
        // What another test has changed may be dropped between the rounds, or looked at again while its copy answers.
        return /second round: HIT \d+(, UPDATING \d+)?$/m.test(command.output());
      },
      { what: "every address to be answered from a copy", timeoutMs: EVENTUALLY_MS },
    );
  });
});

describe("without Postgres and without Redis", () => {
  it("pages are served, those with a copy and those without, also by a Worker that has just started", async () => {
    const shown = await untouched();
    await warm(pageOf(shown));
    for (const part of ["postgresReplica", "postgres", "redis"] as const) await running().stopPart(part);
    const paths = [
      pageOf(shown),
      `/products/${shown.slug}?sku=${shown.sku}&new=1`,
      "/",
      "/products",
      "/api/products",
    ];
    for (const path of paths) expect([path, (await view(path)).status]).toEqual([path, 200]);
    await running().killWorker();
    await running().startWorker();
    for (const path of paths) expect([path, (await view(path)).status]).toEqual([path, 200]);
  });
});
