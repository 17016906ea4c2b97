/** Which products the home page puts on which shelf: bounded, however large the catalog is. Pure. */
import type { Product } from "../src/contracts/catalog.ts";
import { categoryHref, categoryTitle } from "./category-address.ts";

/** Products of one shelf: one row on a wide screen. */
const SHELF_LENGTH = 4;
/** Ways in at most. */
const MAX_TILES = 8;

/** What goes with the other things; it shares a shelf. */
const ACCESSORIES: readonly string[] = ["cases", "chargers", "cables"];

export interface Shelf {
  readonly id: string;
  readonly title: string;
  /** Where there is more of it. */
  readonly href: string;
  readonly products: readonly Product[];
}

/** A category with the picture that stands for it. */
export interface Tile {
  readonly title: string;
  readonly href: string;
  readonly image: Product["images"][number] | null;
}

/** What of a catalog's index the front of the store is chosen by. */
interface Listed {
  readonly slug: string;
  readonly category: string;
}

/**
 * The products that a home page may show, in list order: the shelves and tiles made of them are those made of the whole list.
 * One more than a shelf is long of each category, as one of them may be the drop, which is shown above.
 */
export function frontOf<T extends Listed>(list: readonly T[]): T[] {
  const ofCategory = new Map<string, number>();
  return list.filter(({ category }) => {
    const count = ofCategory.get(category);
    if (count === undefined && ofCategory.size >= MAX_TILES && !ACCESSORIES.includes(category)) return false;
    ofCategory.set(category, (count ?? 0) + 1);
    return (count ?? 0) <= SHELF_LENGTH;
  });
}

/** The categories in the order of the catalog, each with the picture of its first product. */
export function tilesOf(products: readonly Product[]): Tile[] {
  return firstOfEachCategory(products)
    .slice(0, MAX_TILES)
    .map(({ category, images }) => ({
      title: categoryTitle(category),
      href: categoryHref(category),
      image: images[0] ?? null,
    }));
}

/**
 * The shelves of a store: what is new beside its main kind, that kind in full, and what goes with it.
 *
 * @param drop the slug of what the page shows first anyway
 */
export function shelvesOf(products: readonly Product[], drop: string | null): Shelf[] {
  const main = products[0]?.category ?? "";
  const others = products.filter(
    ({ slug, category }) => slug !== drop && category !== main && !ACCESSORIES.includes(category),
  );
  const shelves: Shelf[] = [
    { id: "new", title: "New", href: "/products", products: alternating(others) },
    {
      id: "main",
      title: categoryTitle(main),
      href: categoryHref(main),
      products: products.filter(({ category }) => category === main),
    },
    {
      id: "accessories",
      title: "Accessories",
      href: "/products",
      products: alternating(products.filter(({ category }) => ACCESSORIES.includes(category))),
    },
  ];
  return shelves
    .map((shelf) => ({ ...shelf, products: shelf.products.slice(0, SHELF_LENGTH) }))
    .filter((shelf) => shelf.products.length > 0);
}

function firstOfEachCategory(products: readonly Product[]): Product[] {
  const first = new Map<string, Product>();
  for (const product of products) if (!first.has(product.category)) first.set(product.category, product);
  return [...first.values()];
}

/** One of each category before the second of any, so that a short shelf shows the range. */
function alternating(products: readonly Product[]): Product[] {
  const seen = new Map<string, number>();
  return products
    .map((product, index) => {
      const rank = seen.get(product.category) ?? 0;
      seen.set(product.category, rank + 1);
      return { product, rank, index };
    })
    .sort((one, other) => one.rank - other.rank || one.index - other.index)
    .map(({ product }) => product);
}
