import { describe, expect, it } from "vitest";
import { CatalogUnavailable, FRESH_MS, STALE_WHILE_REVALIDATE_MS, createCatalog } from "./catalog.ts";
import type { CatalogOptions } from "./catalog.ts";
import type { CatalogEntry } from "./content.ts";
import { MAX_COPY_AGE_MS } from "./copies.ts";
import type { CopyStore, EdgeCache } from "./copies.ts";

const START = Date.UTC(2026, 10, 22);
const OPENS_AT = START + 3_600_000;

function entries(unitAmountMinor: number): CatalogEntry[] {
  const terms = { version: 1, unitAmountMinor, currency: "USD", purchaseLimit: 2, opensAt: null };
  const product = (slug: string, sku: string, dropAt: string | undefined): CatalogEntry => ({
    product: {
      slug,
      name: slug,
      description: "",
      category: "phones",
      ...(dropAt === undefined ? {} : { dropAt }),
      images: [],
      options: [],
      skus: [
        {
          sku,
          name: sku,
          options: {},
          price: { amount: unitAmountMinor, currency: "USD" },
          purchaseLimit: 2,
        },
      ],
    },
    terms: {
      [sku]: {
        ...terms,
        opensAt: dropAt === undefined ? null : OPENS_AT,
        initialStock: { id: `initial:${sku}`, quantity: 10 },
      },
    },
  });
  return [
    product("phone", "PHONE-1", undefined),
    product("fold", "FOLD-1", new Date(OPENS_AT).toISOString()),
  ];
}

function edgeCache(): EdgeCache & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    match: (url) => Promise.resolve(kept.has(url) ? new Response(kept.get(url)) : undefined),
    put: async (url, response) => {
      kept.set(url, await response.text());
    },
  };
}

function redisStore(): CopyStore & { kept: Map<string, string>; writes: number } {
  const store = {
    kept: new Map<string, string>(),
    writes: 0,
    get: (key: string) => Promise.resolve(store.kept.get(key) ?? null),
    set: (key: string, value: string) => {
      store.writes += 1;
      store.kept.set(key, value);
      return Promise.resolve();
    },
  };
  return store;
}

/** A catalog over a Postgres that can be turned off, with a clock that is set by hand. */
function arrange(options: Partial<CatalogOptions> = {}) {
  const state = {
    now: START,
    price: 100,
    isAway: false,
    reads: 0,
    reported: [] as unknown[],
    work: [] as Promise<unknown>[],
  };
  const isolate = () =>
    createCatalog({
      read: () => {
        state.reads += 1;
        return state.isAway
          ? Promise.reject(new Error("Postgres is away"))
          : Promise.resolve(entries(state.price));
      },
      waitUntil: (work) => state.work.push(work),
      report: (error) => state.reported.push(error),
      now: () => state.now,
      ...options,
    });
  const settle = async () => {
    while (state.work.length > 0) await Promise.all(state.work.splice(0));
  };
  return { state, isolate, settle, catalog: isolate() };
}
const priceIn = async (catalog: ReturnType<typeof createCatalog>) =>
  (await catalog.sku("PHONE-1"))?.terms.unitAmountMinor;

describe("the cached catalog", () => {
  it("finds products by slug and SKUs with their terms, and nothing that is not there", async () => {
    const { catalog } = arrange();
    expect((await catalog.products()).map((product) => product.slug)).toEqual(["phone", "fold"]);
    expect(await catalog.product("phone")).toMatchObject({ name: "phone", status: "in_stock" });
    expect(await catalog.sku("FOLD-1")).toMatchObject({
      product: { slug: "fold" },
      sku: { sku: "FOLD-1" },
      terms: { version: 1, opensAt: OPENS_AT, initialStock: { id: "initial:FOLD-1", quantity: 10 } },
    });
    expect((await catalog.skus()).map((found) => found.sku.sku)).toEqual(["PHONE-1", "FOLD-1"]);
    expect(await catalog.product("nothing")).toBeNull();
    expect(await catalog.sku("NOTHING")).toBeNull();
  });

  it("says coming_soon until the drop opens, from the same copy", async () => {
    const { catalog, state } = arrange();
    state.now = OPENS_AT - 1;
    expect((await catalog.product("fold"))?.status).toBe("coming_soon");
    state.now = OPENS_AT;
    expect((await catalog.product("fold"))?.status).toBe("in_stock");
  });

  it("asks Postgres once for everybody who comes at the same time, and not again while the copy is fresh", async () => {
    const { catalog, state } = arrange();
    await Promise.all(Array.from({ length: 50 }, () => catalog.products()));
    state.now += FRESH_MS - 1;
    await catalog.products();
    expect(state.reads).toBe(1);
  });

  it("answers a stale request at once and fetches the new content behind it", async () => {
    const { catalog, state, settle } = arrange();
    await catalog.products();
    state.price = 200;
    state.now += FRESH_MS;
    expect(await priceIn(catalog)).toBe(100);
    await settle();
    expect(await priceIn(catalog)).toBe(200);
  });

  it("waits for the new content where the old is older than a minute", async () => {
    const { catalog, state } = arrange();
    await catalog.products();
    state.price = 200;
    state.now += STALE_WHILE_REVALIDATE_MS;
    expect(await priceIn(catalog)).toBe(200);
  });

  it("goes on from memory while Postgres is away, up to a day, and says what was wrong", async () => {
    const { catalog, state } = arrange();
    await catalog.products();
    state.isAway = true;
    state.now = START + MAX_COPY_AGE_MS;
    expect(await priceIn(catalog)).toBe(100);
    expect(state.reported).toHaveLength(1);
    state.now += STALE_WHILE_REVALIDATE_MS;
    await expect(catalog.products()).rejects.toThrow(CatalogUnavailable);
  });

  it("asks a Postgres that is away only once in a while", async () => {
    const { catalog, state } = arrange();
    await catalog.products();
    state.isAway = true;
    state.now += STALE_WHILE_REVALIDATE_MS;
    for (let request = 0; request < 10; request += 1) await catalog.products();
    expect(state.reads).toBe(2);
  });

  it("serves a new isolate from the edge cache, and from Redis where that is empty, while Postgres is away", async () => {
    const edge = edgeCache();
    const redis = redisStore();
    const { catalog, state, settle, isolate } = arrange({ edge, redis });
    await catalog.products();
    await settle();
    state.isAway = true;
    state.now += 3_600_000;
    expect(await priceIn(isolate())).toBe(100);
    edge.kept.clear();
    expect(await priceIn(isolate())).toBe(100);
    redis.kept.clear();
    await expect(isolate().products()).rejects.toThrow(CatalogUnavailable);
  });

  it("does not ask Postgres for a new isolate while the edge cache has a recent copy", async () => {
    const { catalog, state, settle, isolate } = arrange({ edge: edgeCache() });
    await catalog.products();
    await settle();
    state.now += 1_000;
    await isolate().products();
    expect(state.reads).toBe(1);
  });

  it("writes to Redis when the content changed, not with every fetch", async () => {
    const redis = redisStore();
    const { catalog, state, settle } = arrange({ redis });
    for (let fetch = 0; fetch < 5; fetch += 1) {
      await catalog.products();
      await settle();
      state.now += FRESH_MS;
    }
    expect(redis.writes).toBe(1);
    state.price = 300;
    await catalog.products();
    await settle();
    expect(redis.writes).toBe(2);
  });

  it("sells on when every cache throws or holds rubbish, as long as Postgres answers", async () => {
    const edge: EdgeCache = {
      match: () => Promise.resolve(new Response('{"readAt":"yesterday"}')),
      put: () => Promise.reject(new Error("no room")),
    };
    const redis: CopyStore = {
      get: () => Promise.reject(new Error("away")),
      set: () => Promise.reject(new Error("away")),
    };
    const { catalog, settle } = arrange({ edge, redis });
    expect(await priceIn(catalog)).toBe(100);
    await settle();
  });

  it("does not wait for a Redis that does not answer", async () => {
    const redis: CopyStore = { get: () => new Promise(() => undefined), set: () => Promise.resolve() };
    const { state, isolate } = arrange({ redis, redisTimeoutMs: 5 });
    state.isAway = true;
    await expect(isolate().products()).rejects.toThrow(CatalogUnavailable);
  });

  it("tries again when the fetch it would join began with a request that was cancelled", async () => {
    let reads = 0;
    const { state, isolate, settle } = arrange({
      read: () => {
        reads += 1;
        return reads === 2 ? new Promise(() => undefined) : Promise.resolve(entries(reads));
      },
      waitUntil: () => undefined,
    });
    const catalog = isolate();
    expect(await priceIn(catalog)).toBe(1);
    state.now += FRESH_MS;
    expect(await priceIn(catalog)).toBe(1);
    state.now += STALE_WHILE_REVALIDATE_MS;
    expect(await priceIn(catalog)).toBe(3);
    await settle();
  });
});
