import { describe, expect, it } from "vitest";
import type { CatalogCopy, CatalogEntry } from "../../adapters/catalog/content.ts";
import type { SequencedEntry } from "../../adapters/redis/compare-and-set.ts";
import { changedTags, dropChangedPages } from "./catalog-changes.ts";

function entry(slug: string, amount = 100, category = "phones"): CatalogEntry {
  const price = { amount, currency: "USD" };
  const sku = { sku: slug.toUpperCase(), name: slug, options: {}, price, purchaseLimit: null };
  return {
    product: { slug, name: slug, description: "", category, images: [], options: [], skus: [sku] },
    terms: {},
  };
}
const copy = (version: number, ...entries: CatalogEntry[]): CatalogCopy => ({ readAt: 0, version, entries });

describe("the tags of a change", () => {
  const former = copy(1, entry("phone"), entry("cable"));

  it.each([
    ["a price: of that product alone", copy(2, entry("phone", 200), entry("cable")), ["product:phone"]],
    [
      "a name: of links to it, too",
      copy(
        2,
        { ...former.entries[0]!, product: { ...former.entries[0]!.product, name: "Other" } },
        entry("cable"),
      ),
      ["product:phone", "link:phone"],
    ],
    ["nothing a page shows", copy(2, entry("phone"), entry("cable")), []],
    [
      "a new product: lists",
      copy(2, ...former.entries, entry("watch")),
      ["catalog", "product:watch", "link:watch"],
    ],
    [
      "a product that left: lists and its own",
      copy(2, entry("phone")),
      ["catalog", "product:cable", "link:cable"],
    ],
    ["another order: lists", copy(2, entry("cable"), entry("phone")), ["catalog"]],
    ["another category", copy(2, entry("phone", 100, "sale"), entry("cable")), ["catalog", "product:phone"]],
  ])("%s", (_, next, tags) => {
    expect(changedTags(former, next)).toEqual(tags);
  });
});

describe("a new version", () => {
  function world(announced: number | null) {
    const state = { announced, isAway: false, dropped: [] as string[] };
    const deps = {
      redis: {
        replaceIfNewer: (entries: readonly SequencedEntry[]) => {
          const { key, value } = entries[0]!;
          if (state.isAway) return Promise.reject(new Error("Redis is away"));
          const former = state.announced;
          if (former !== null && former >= value.sequence) return Promise.resolve([]);
          state.announced = value.sequence;
          return Promise.resolve([{ key, former: former === null ? null : `{"sequence":${former}}` }]);
        },
      },
      edgeCache: {
        drop: (tags: readonly string[]) => Promise.resolve(void state.dropped.push(...tags)),
        dropEverything: () => Promise.resolve(void state.dropped.push("everything")),
      },
      telemetry: { fault: () => undefined, log: () => undefined },
    };
    const meets = (former: CatalogCopy | null, next: CatalogCopy) => dropChangedPages({ former, next }, deps);
    return { state, meets };
  }
  const first = copy(1, entry("phone"));
  const second = copy(2, entry("phone", 200));

  it("drops the pages once, however many isolates meet it", async () => {
    const { state, meets } = world(1);
    await Promise.all([meets(first, second), meets(first, second), meets(first, second)]);
    expect(state.dropped).toEqual(["product:phone"]);
  });

  it("is dropped by every isolate for itself while Redis is away", async () => {
    const { state, meets } = world(1);
    state.isAway = true;
    await Promise.all([meets(first, second), meets(first, second)]);
    expect(state.dropped).toEqual(["product:phone", "product:phone"]);
  });

  it("drops everything where nobody announced what lies between", async () => {
    const { state, meets } = world(1);
    await meets(copy(3, entry("phone", 300)), copy(4, entry("phone", 300)));
    expect(state.dropped).toEqual(["everything"]);
    state.dropped = [];
    await meets(null, copy(5, entry("phone", 300)));
    expect(state.dropped).toEqual(["everything"]);
  });

  it("drops nothing where the store begins, or where all is announced", async () => {
    const { state, meets } = world(null);
    await meets(null, first);
    await meets(null, first);
    expect(state.dropped).toEqual([]);
  });
});
