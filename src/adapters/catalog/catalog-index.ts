/** The index of the catalog in an isolate's memory: its pages put together. Immutable; a new version shares the pages that stayed. */
import type { Rates } from "../../domain/rates.ts";
import type { IndexEntry, IndexPage, PageRevisions } from "./content.ts";

export interface CatalogIndex {
  readonly version: number;
  /** Shipping and taxes of this version. */
  readonly rates: Rates;
  readonly pages: ReadonlyMap<string, IndexPage>;
  /** Every product in list order. */
  readonly list: readonly IndexEntry[];
  /** The products whose sale opens at a moment, in list order. */
  readonly drops: readonly IndexEntry[];
  /** The products of each category in list order; categories in the order of their first product. */
  readonly byCategory: ReadonlyMap<string, readonly IndexEntry[]>;
  readonly bySlug: ReadonlyMap<string, IndexEntry>;
  /** The product that a SKU belongs to. */
  readonly bySku: ReadonlyMap<string, IndexEntry>;
}

export function createIndex(
  version: number,
  pages: ReadonlyMap<string, IndexPage>,
  rates: Rates,
): CatalogIndex {
  const list = [...pages.values()].flatMap(({ entries }) => entries).sort(inListOrder);
  const bySku = new Map<string, IndexEntry>();
  for (const entry of list) for (const sku of entry.skus) bySku.set(sku, entry);
  return {
    version,
    rates,
    pages,
    list,
    drops: list.filter(({ opensAt }) => opensAt !== null),
    byCategory: Map.groupBy(list, ({ category }) => category),
    bySlug: new Map(list.map((entry) => [entry.slug, entry])),
    bySku,
  };
}

function inListOrder(one: IndexEntry, other: IndexEntry): number {
  if (one.position !== other.position) return one.position - other.position;
  return one.slug < other.slug ? -1 : 1;
}

export function revisionsOf({ pages }: Pick<CatalogIndex, "pages">): PageRevisions {
  return Object.fromEntries([...pages].map(([page, { revision }]) => [page, revision]));
}

/** What differs between two versions of the index, by the revisions that their entries bear. */
export interface IndexDifference {
  /** Slugs of products that differ, that came and that left. */
  readonly changed: readonly string[];
  /** Those of them that came or left, or whose name or pictures differ. */
  readonly linked: readonly string[];
  /** Whether products came, left, or changed places or categories. */
  readonly isListDifferent: boolean;
}

export function differenceOf(former: CatalogIndex, next: CatalogIndex): IndexDifference {
  const changed: string[] = [];
  const linked: string[] = [];
  let isListDifferent = false;
  for (const page of new Set([...former.pages.keys(), ...next.pages.keys()])) {
    if (former.pages.get(page)?.revision === next.pages.get(page)?.revision) continue;
    const before = bySlugOf(former.pages.get(page));
    const after = bySlugOf(next.pages.get(page));
    for (const slug of new Set([...before.keys(), ...after.keys()])) {
      const [was, is] = [before.get(slug), after.get(slug)];
      if (was?.revision === is?.revision) continue;
      changed.push(slug);
      if (was?.linkRevision !== is?.linkRevision) linked.push(slug);
      if (was?.position !== is?.position || was?.category !== is?.category) isListDifferent = true;
    }
  }
  return { changed, linked, isListDifferent };
}

function bySlugOf(page: IndexPage | undefined): Map<string, IndexEntry> {
  return new Map((page?.entries ?? []).map((entry) => [entry.slug, entry]));
}
