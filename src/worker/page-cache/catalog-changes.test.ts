import { describe, expect, it } from "vitest";
import { createIndex, type CatalogIndex } from "../../adapters/catalog/catalog-index.ts";
import type { IndexEntry } from "../../adapters/catalog/content.ts";
import type { SequencedEntry } from "../../adapters/redis/compare-and-set.ts";
import { changedTags, dropChangedPages } from "./catalog-changes.ts";

function entry(slug: string, differences: Partial<IndexEntry> = {}): IndexEntry {
  return {
    slug,
    name: slug,
    category: "phones",
    position: 0,
    revision: 1,
    linkRevision: 1,
    opensAt: null,
    modifiedAt: 0,
    skus: [slug.toUpperCase()],
    ...differences,
  };
}
/** Each product on a page of its own, whose revision is the product's. */
const index = (version: number, ...entries: IndexEntry[]): CatalogIndex =>
  createIndex(
    version,
    new Map(entries.map((each) => [each.slug, { revision: each.revision, entries: [each] }])),
    { revision: 1, zones: [], taxes: [] },
  );

describe("the tags of a change", () => {
  const phone = entry("phone");
  const cable = entry("cable", { position: 1 });
  const former = index(1, phone, cable);

  it.each([
    ["a price: of that product alone", index(2, entry("phone", { revision: 2 }), cable), ["product:phone"]],
    [
      "a name or a picture: of links to it, too",
      index(2, entry("phone", { revision: 2, linkRevision: 2, name: "Other" }), cable),
      ["product:phone", "link:phone"],
    ],
    [
      "shipping or taxes: of what shows them",
      { ...index(2, phone, cable), rates: { revision: 2, zones: [], taxes: [] } },
      ["rates"],
    ],
    ["nothing a page shows", index(2, phone, cable), []],
    [
      "a new product: lists",
      index(2, phone, cable, entry("watch", { revision: 2, linkRevision: 2, position: 2 })),
      ["catalog", "product:watch", "link:watch"],
    ],
    ["a product that left: lists and its own", index(2, phone), ["catalog", "product:cable", "link:cable"]],
    [
      "another place in the list: lists",
      index(2, entry("phone", { revision: 2, position: 5 }), cable),
      ["catalog", "product:phone"],
    ],
    [
      "another category",
      index(2, entry("phone", { revision: 2, category: "sale" }), cable),
      ["catalog", "product:phone"],
    ],
  ])("%s", (_, next, tags) => {
    expect(changedTags(former, next)).toEqual(tags);
  });

  it("look at no page of the index that is the same in both", () => {
    const shared = { revision: 1, entries: [phone] };
    const unread = {
      ...shared,
      get entries(): IndexEntry[] {
        throw new Error("was read");
      },
    };
    const before = { ...former, pages: new Map([["0", unread]]) };
    expect(changedTags(before, { ...before, version: 2 })).toEqual([]);
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
    const meets = (former: CatalogIndex | null, next: CatalogIndex) =>
      dropChangedPages({ former, next }, deps);
    return { state, meets };
  }
  const at = (version: number) => index(version, entry("phone", { revision: version }));
  const first = at(1);
  const second = at(2);

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
    await meets(at(3), at(4));
    expect(state.dropped).toEqual(["everything"]);
    state.dropped = [];
    await meets(null, at(5));
    expect(state.dropped).toEqual(["everything"]);
  });

  it("drops everything where more products changed than are worth naming", async () => {
    const { state, meets } = world(1);
    const many = (revision: number) =>
      index(revision, ...Array.from({ length: 501 }, (_, n) => entry(`p${n}`, { revision })));
    await meets(many(1), many(2));
    expect(state.dropped).toEqual(["everything"]);
  });

  it("drops nothing where the store begins, or where all is announced", async () => {
    const { state, meets } = world(null);
    await meets(null, first);
    await meets(null, first);
    expect(state.dropped).toEqual([]);
  });
});
