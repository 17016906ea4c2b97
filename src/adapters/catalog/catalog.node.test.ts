import { describe, expect, it } from "vitest";
import type { Rates } from "../../domain/rates.ts";
import { CatalogUnavailable, FRESH_MS, STALE_WHILE_REVALIDATE_MS, createCatalog } from "./catalog.ts";
import type { Catalog, CatalogOptions } from "./catalog.ts";
import type { CatalogProduct, IndexEntry, IndexPage, PageRevisions } from "./content.ts";
import { MAX_COPY_AGE_MS } from "./copies.ts";
import type { CopyStore, EdgeCache } from "./copies.ts";

const START = Date.UTC(2026, 10, 22);
const OPENS_AT = START + 3_600_000;

/** What Postgres has: each product on the page of the index that is named after it. */
interface Stored {
  readonly slug: string;
  readonly sku: string;
  readonly position: number;
  price: number;
  revision: number;
  readonly opensAt: number | null;
}

function entryOf({ slug, sku, position, revision, opensAt }: Stored): IndexEntry {
  const [name, category] = [slug, "phones"];
  return {
    slug,
    name,
    category,
    position,
    revision,
    linkRevision: 1,
    opensAt,
    modifiedAt: START,
    skus: [sku],
  };
}

function productOf({ slug, sku, price, revision, opensAt }: Stored): CatalogProduct {
  const dropAt = opensAt === null ? {} : { dropAt: new Date(opensAt).toISOString() };
  return {
    revision,
    product: {
      slug,
      name: slug,
      description: "",
      category: "phones",
      ...dropAt,
      images: [],
      options: [],
      skus: [{ sku, name: sku, options: {}, price: { amount: price, currency: "USD" }, purchaseLimit: 2 }],
    },
    terms: {
      [sku]: {
        version: revision,
        unitAmountMinor: price,
        currency: "USD",
        purchaseLimit: 2,
        opensAt,
        initialStock: { id: `initial:${sku}`, quantity: 10 },
      },
    },
  };
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

interface TestStore extends CopyStore {
  kept: Map<string, string>;
  /** How often each copy was written. */
  writes: Map<string, number>;
  isAway: boolean;
  now: () => number;
}

/** Redis as far as the catalog uses it. */
function redisStore(): TestStore {
  const orAway = <T>(value: T): Promise<T> =>
    store.isAway ? Promise.reject(new Error("Redis is away")) : Promise.resolve(value);
  const store: TestStore = {
    kept: new Map<string, string>(),
    writes: new Map<string, number>(),
    isAway: false,
    now: () => START,
    get: (key) => orAway(store.kept.get(key) ?? null),
    mget: (keys) => orAway(keys.map((key) => store.kept.get(key) ?? null)),
    set: async (key, value) => {
      await orAway(null);
      store.kept.set(key, value);
    },
    setMany: async (entries) => {
      await orAway(null);
      for (const { key, value } of entries) {
        store.kept.set(key, value);
        store.writes.set(key, (store.writes.get(key) ?? 0) + 1);
      }
    },
    tryLock: async (key, holdMs) => {
      await orAway(null);
      if (Number(store.kept.get(key) ?? 0) > store.now()) return false;
      store.kept.set(key, String(store.now() + holdMs));
      return true;
    },
  };
  return store;
}

/** A catalog over a Postgres that can be turned off, with a clock that is set by hand. */
function arrange({ redis, ...options }: Partial<CatalogOptions> & { redis?: TestStore | CopyStore } = {}) {
  const phone: Stored = {
    slug: "phone",
    sku: "PHONE-1",
    position: 0,
    price: 100,
    revision: 1,
    opensAt: null,
  };
  const fold: Stored = {
    slug: "fold",
    sku: "FOLD-1",
    position: 1,
    price: 100,
    revision: 1,
    opensAt: OPENS_AT,
  };
  const state = {
    now: START,
    stored: [phone, fold],
    version: 1,
    isAway: false,
    /** Postgres takes the next questions and never answers them. */
    isHanging: false,
    reads: 0,
    looks: 0,
    rates: { revision: 1, zones: [], taxes: [] } as Rates,
    /** The pages of each read of the index, and the products of each read of products. */
    pagesRead: [] as string[][],
    productsRead: [] as string[][],
    changes: [] as [former: number | null, next: number][],
    reported: [] as unknown[],
    work: [] as Promise<unknown>[],
  };
  if (redis !== undefined && "now" in redis) redis.now = () => state.now;
  const away = () => Promise.reject(new Error("Postgres is away"));
  const change = (price: number): void => {
    state.version += 1;
    phone.price = price;
    phone.revision = state.version;
  };
  const readIndex = (known: PageRevisions) => {
    const changed = state.stored.filter(({ slug, revision }) => known[slug] !== revision);
    state.pagesRead.push(changed.map(({ slug }) => slug));
    return {
      version: state.version,
      revisions: Object.fromEntries(state.stored.map(({ slug, revision }) => [slug, revision])),
      pages: new Map(
        changed.map((stored): [string, IndexPage] => [
          stored.slug,
          { revision: stored.revision, entries: [entryOf(stored)] },
        ]),
      ),
      rates: state.rates,
    };
  };
  const isolate = () =>
    createCatalog({
      readIndex: (_, known) => {
        state.reads += 1;
        if (state.isHanging) return new Promise(() => undefined);
        return state.isAway ? away() : Promise.resolve(readIndex(known));
      },
      readProducts: (wanted) => {
        state.productsRead.push(wanted.map(({ slug }) => slug));
        if (state.isAway) return away();
        const slugs = new Set(wanted.map(({ slug }) => slug));
        return Promise.resolve(state.stored.filter(({ slug }) => slugs.has(slug)).map(productOf));
      },
      readVersion: () => {
        state.looks += 1;
        return state.isAway ? away() : Promise.resolve(state.version);
      },
      onChange: ({ former, next }) => {
        state.changes.push([former?.version ?? null, next.version]);
        return Promise.resolve();
      },
      waitUntil: (work) => state.work.push(work),
      report: (error) => state.reported.push(error),
      now: () => state.now,
      ...(redis === undefined ? {} : { redis }),
      ...options,
    });
  const settle = async () => {
    while (state.work.length > 0) await Promise.all(state.work.splice(0));
  };
  return { state, change, isolate, settle, catalog: isolate() };
}
const VAT = { country: "DE", region: "", name: "VAT", basisPoints: 1_900, included: true, onShipping: true };
const priceIn = async (catalog: Catalog) => (await catalog.sku("PHONE-1"))?.terms.unitAmountMinor;
const slugsIn = async (catalog: Catalog) => (await catalog.index()).list.map(({ slug }) => slug);

describe("the cached catalog", () => {
  it("finds products by slug and SKUs with their terms, and nothing that is not there", async () => {
    const { catalog } = arrange();
    expect(await slugsIn(catalog)).toEqual(["phone", "fold"]);
    expect((await catalog.products(["fold", "none", "phone"])).map(({ slug }) => slug)).toEqual([
      "fold",
      "phone",
    ]);
    expect(await catalog.product("phone")).toMatchObject({ name: "phone", status: "in_stock" });
    expect(await catalog.sku("FOLD-1")).toMatchObject({
      product: { slug: "fold" },
      sku: { sku: "FOLD-1" },
      terms: { version: 1, opensAt: OPENS_AT, initialStock: { id: "initial:FOLD-1", quantity: 10 } },
    });
    const named = await catalog.skus(["FOLD-1", "NOTHING", "PHONE-1"]);
    expect(named.map((found) => found?.sku.sku ?? null)).toEqual(["FOLD-1", null, "PHONE-1"]);
    expect([await catalog.slugOf("FOLD-1"), await catalog.slugOf("NOTHING")]).toEqual(["fold", null]);
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
    await Promise.all(Array.from({ length: 50 }, () => catalog.index()));
    state.now += FRESH_MS - 1;
    await catalog.index();
    expect(state.reads).toBe(1);
  });

  it("looks whether there is a new version, and does not read an old one again", async () => {
    const { catalog, state } = arrange();
    for (let second = 0; second < 10; second += 1) {
      await catalog.index();
      state.now += FRESH_MS;
    }
    expect([state.reads, state.looks]).toEqual([1, 10]);
  });

  it("shows a page what is newest, and lets an order that asks for a SKU wait for nothing", async () => {
    const { catalog, state, change, settle } = arrange();
    await priceIn(catalog);
    change(200);
    state.now += FRESH_MS;
    expect(await priceIn(catalog)).toBe(100);
    await settle();
    expect(await priceIn(catalog)).toBe(200);
    change(300);
    state.now += FRESH_MS;
    expect((await catalog.product("phone"))?.skus[0]?.price.amount).toBe(300);
  });

  it("waits for the newest where what is in memory was not looked at for a minute", async () => {
    const { catalog, state, change } = arrange();
    await catalog.index();
    change(200);
    state.now += STALE_WHILE_REVALIDATE_MS;
    expect(await priceIn(catalog)).toBe(200);
  });

  it("tells of every version it begins to serve, and of what it served before", async () => {
    const { catalog, state, change, isolate, settle } = arrange({ edge: edgeCache() });
    await catalog.index();
    await settle();
    change(200);
    state.now += FRESH_MS;
    await catalog.index();
    await settle();
    await isolate().index();
    change(300);
    // A new isolate knows of the former version from the copy of its place.
    await isolate().index();
    expect(state.changes).toEqual([
      [null, 1],
      [1, 2],
      [null, 2],
      [2, 3],
    ]);
  });

  it("serves what was just changed, whatever it looked at a moment ago", async () => {
    const { catalog, state, change } = arrange({ redis: redisStore() });
    await catalog.index();
    change(200);
    await catalog.changed(state.version);
    expect(await priceIn(catalog)).toBe(200);
    expect(state.changes.at(-1)).toEqual([1, 2]);
  });

  it("goes on from memory while Postgres is away, up to a day, and says what was wrong", async () => {
    const { catalog, state } = arrange();
    await priceIn(catalog);
    state.isAway = true;
    state.now = START + MAX_COPY_AGE_MS;
    expect(await priceIn(catalog)).toBe(100);
    expect(state.reported).toHaveLength(1);
    state.now += STALE_WHILE_REVALIDATE_MS;
    await expect(catalog.index()).rejects.toThrow(CatalogUnavailable);
  });

  it("takes over new shipping and taxes without reading a product or a page of the index", async () => {
    const { catalog, state, settle } = arrange();
    await priceIn(catalog);
    state.version += 1;
    state.rates = { revision: state.version, zones: [], taxes: [VAT] };
    state.now += FRESH_MS;
    expect((await catalog.index()).rates.taxes).toEqual([VAT]);
    expect(await catalog.rates()).toBe((await catalog.index()).rates);
    await priceIn(catalog);
    await settle();
    expect([state.pagesRead, state.productsRead]).toEqual([[["phone", "fold"], []], [["phone"]]]);
  });

  it.each([
    ["the copy of its place", { edge: edgeCache() }],
    ["Redis", { redis: redisStore() }],
  ])("has shipping and taxes from %s while Postgres is away", async (_, copies) => {
    const { catalog, state, isolate, settle } = arrange(copies);
    state.rates = { revision: 1, zones: [], taxes: [VAT] };
    await catalog.index();
    await settle();
    state.isAway = true;
    expect(await isolate().rates()).toEqual(state.rates);
  });

  it("asks a Postgres that is away only once in a while", async () => {
    const { catalog, state } = arrange();
    await catalog.index();
    state.isAway = true;
    state.now += STALE_WHILE_REVALIDATE_MS;
    for (let request = 0; request < 10; request += 1) await catalog.index();
    expect([state.reads, state.looks]).toEqual([1, 2]);
  });

  it("takes a new version that another isolate has read from Redis, and reads it once for all of them", async () => {
    const redis = redisStore();
    const { state, change, isolate, settle } = arrange({ redis });
    const isolates = [isolate(), isolate(), isolate()];
    for (const each of isolates) {
      await each.index();
      await settle();
    }
    expect(state.reads).toBe(1);
    change(200);
    state.now += FRESH_MS;
    await Promise.all(isolates.map((each) => each.index()));
    await settle();
    state.now += FRESH_MS;
    expect(
      await Promise.all(isolates.map(async (each) => (await each.product("phone"))?.skus[0]?.price.amount)),
    ).toEqual([200, 200, 200]);
    expect(state.reads).toBe(2);
  });

  it("reads by itself where the isolate that took it upon itself never came back", async () => {
    const redis = redisStore();
    redis.kept.set("catalog:refill:1", String(START + 3_000));
    const { catalog } = arrange({ redis });
    expect(await priceIn(catalog)).toBe(100);
  });

  it("asks Postgres itself while Redis is away", async () => {
    const redis = redisStore();
    const { catalog, state, change } = arrange({ redis });
    redis.isAway = true;
    await catalog.index();
    change(200);
    state.now += FRESH_MS;
    expect((await catalog.product("phone"))?.skus[0]?.price.amount).toBe(200);
  });

  it("serves a new isolate from the edge cache, and from Redis where that is empty, while Postgres is away", async () => {
    const edge = edgeCache();
    const redis = redisStore();
    const { catalog, state, settle, isolate } = arrange({ edge, redis });
    await priceIn(catalog);
    await settle();
    state.isAway = true;
    state.now += 3_600_000;
    expect(await priceIn(isolate())).toBe(100);
    edge.kept.clear();
    expect(await priceIn(isolate())).toBe(100);
    redis.kept.clear();
    edge.kept.clear();
    await expect(isolate().index()).rejects.toThrow(CatalogUnavailable);
  });

  it("does not ask Postgres for a new isolate while the edge cache has a recent copy", async () => {
    const { catalog, state, settle, isolate } = arrange({ edge: edgeCache() });
    await catalog.index();
    await settle();
    state.now += 1_000;
    await isolate().index();
    expect(state.reads).toBe(1);
  });

  it("writes to Redis what changed when the version did, not with every look", async () => {
    const redis = redisStore();
    const { catalog, state, change, settle } = arrange({ redis });
    const written = () => Object.fromEntries(redis.writes);
    for (let fetch = 0; fetch < 5; fetch += 1) {
      await catalog.index();
      await settle();
      state.now += FRESH_MS;
    }
    const [root, phone, fold] = ["root", "page/phone", "page/fold"].map((name) => `catalog:v4:${name}`);
    expect(written()).toEqual({ [root!]: 1, [phone!]: 1, [fold!]: 1 });
    change(300);
    await catalog.index();
    await settle();
    expect(written()).toEqual({ [root!]: 2, [phone!]: 2, [fold!]: 1 });
  });

  it("tells its copies now and then that they are still the newest, so that they serve for a day from then on", async () => {
    const edge = edgeCache();
    const redis = redisStore();
    const { catalog, state, settle, isolate } = arrange({ edge, redis });
    await priceIn(catalog);
    await settle();
    state.now += MAX_COPY_AGE_MS - 60_000;
    await catalog.index();
    await settle();
    state.isAway = true;
    state.now += MAX_COPY_AGE_MS - 60_000;
    expect(await priceIn(isolate())).toBe(100);
    edge.kept.clear();
    expect(await priceIn(isolate())).toBe(100);
  });

  it("sells on when every cache throws or holds rubbish, as long as Postgres answers", async () => {
    const edge: EdgeCache = {
      match: () => Promise.resolve(new Response('{"readAt":"yesterday"}')),
      put: () => Promise.reject(new Error("no room")),
    };
    const redis: CopyStore = {
      get: () => Promise.reject(new Error("away")),
      mget: () => Promise.reject(new Error("away")),
      setMany: () => Promise.reject(new Error("away")),
      set: () => Promise.reject(new Error("away")),
      tryLock: () => Promise.reject(new Error("away")),
    };
    const { catalog, settle } = arrange({ edge, redis });
    expect(await priceIn(catalog)).toBe(100);
    await settle();
  });

  it("does not wait for a Redis that does not answer", async () => {
    const redis: CopyStore = {
      get: () => new Promise(() => undefined),
      mget: () => new Promise(() => undefined),
      setMany: () => Promise.resolve(),
      set: () => Promise.resolve(),
      tryLock: () => Promise.resolve(true),
    };
    const { state, isolate } = arrange({ redis, redisTimeoutMs: 5 });
    state.isAway = true;
    await expect(isolate().index()).rejects.toThrow(CatalogUnavailable);
  });

  it("tries again when the fetch it would join began with a request that was cancelled", async () => {
    const { state, change, catalog } = arrange({ waitUntil: () => undefined });
    expect(await priceIn(catalog)).toBe(100);
    change(200);
    state.isHanging = true;
    state.now += FRESH_MS;
    expect(await priceIn(catalog)).toBe(100);
    state.isHanging = false;
    state.now += STALE_WHILE_REVALIDATE_MS;
    expect(await priceIn(catalog)).toBe(200);
  });
});

describe("products by themselves", () => {
  it("are read once for everybody who asks at the same time, and again only when they changed", async () => {
    const { catalog, state, change } = arrange();
    await Promise.all(Array.from({ length: 50 }, () => catalog.product("phone")));
    await catalog.product("phone");
    expect(state.productsRead).toEqual([["phone"]]);
    change(200);
    state.now += FRESH_MS;
    await catalog.products(["phone", "fold"]);
    expect(state.productsRead).toEqual([["phone"], ["phone", "fold"]]);
    await catalog.products(["phone", "fold"]);
    expect(state.productsRead).toHaveLength(2);
  });

  it("of a new version are read alone, and so are the pages of the index that list them", async () => {
    const { catalog, state, change } = arrange();
    await catalog.index();
    change(200);
    state.now += FRESH_MS;
    await catalog.index();
    expect(state.pagesRead).toEqual([["phone", "fold"], ["phone"]]);
  });

  it("serve at the revision before where the newest cannot be had", async () => {
    const edge = edgeCache();
    const { catalog, state, change, settle, isolate } = arrange({ edge });
    await priceIn(catalog);
    await settle();
    change(200);
    state.now += FRESH_MS;
    await catalog.index();
    await settle();
    state.isAway = true;
    // From memory, and in a new isolate from the copy of its place.
    expect(await priceIn(catalog)).toBe(100);
    expect(await priceIn(isolate())).toBe(100);
  });

  it("that no copy has are unavailable while Postgres is away; a page that can do without them shows the others", async () => {
    const edge = edgeCache();
    const { catalog, state, settle, isolate } = arrange({ edge });
    await catalog.product("phone");
    await settle();
    state.isAway = true;
    const other = isolate();
    await expect(other.products(["phone", "fold"])).rejects.toThrow(CatalogUnavailable);
    await expect(other.sku("FOLD-1")).rejects.toThrow(CatalogUnavailable);
    await expect(other.availableProducts(["fold"])).rejects.toThrow(CatalogUnavailable);
    expect((await other.availableProducts(["fold", "phone"])).map(({ slug }) => slug)).toEqual(["phone"]);
  });

  it("that Postgres does not list any more are unknown", async () => {
    const { catalog, state } = arrange();
    await catalog.index();
    state.stored.splice(0, 1);
    expect(await catalog.product("phone")).toBeNull();
    expect(await catalog.sku("PHONE-1")).toBeNull();
  });

  it("are walked through Redis, which has all of them afterwards, and no memory or edge cache is filled with them", async () => {
    const [edge, redis] = [edgeCache(), redisStore()];
    const { catalog, state, settle, isolate } = arrange({ edge, redis });
    const walked = await catalog.walk(["phone", "fold", "none"]);
    await settle();
    expect(walked.map(({ sku }) => sku.sku)).toEqual(["PHONE-1", "FOLD-1"]);
    expect([...edge.kept.keys()].some((url) => url.includes("/product/"))).toBe(false);
    await isolate().walk(["phone", "fold"]);
    expect(state.productsRead).toEqual([["phone", "fold"]]);
    state.isAway = true;
    edge.kept.clear();
    expect(await priceIn(isolate())).toBe(100);
  });

  it("are walked as far as copies have them while Postgres and Redis are away", async () => {
    const [edge, redis] = [edgeCache(), redisStore()];
    const { catalog, state, settle, isolate } = arrange({ edge, redis });
    await catalog.product("phone");
    await settle();
    state.isAway = redis.isAway = true;
    expect((await isolate().walk(["phone", "fold"])).map(({ sku }) => sku.sku)).toEqual(["PHONE-1"]);
  });
});
