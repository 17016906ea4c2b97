/** The products an isolate remembers: those asked for last, bounded in number and in size. */
import type { CatalogProduct } from "./content.ts";

/** Products, and characters of their JSON: some 12 MB of the isolate's 128 MB at most (docs/benchmarks.md). */
const MAX_PRODUCTS = 2_000;
const MAX_CHARACTERS = 4_000_000;

interface Remembered {
  readonly product: CatalogProduct;
  readonly characters: number;
}

export class ProductMemory {
  /** The one that was asked for least lately comes first. */
  readonly #products = new Map<string, Remembered>();
  #characters = 0;

  get(slug: string): CatalogProduct | undefined {
    const known = this.#products.get(slug);
    if (known === undefined) return undefined;
    this.#products.delete(slug);
    this.#products.set(slug, known);
    return known.product;
  }

  /** @param characters of its JSON: what its size is taken to be */
  put(product: CatalogProduct, characters: number): void {
    const { slug } = product.product;
    this.#forget(slug);
    this.#products.set(slug, { product, characters });
    this.#characters += characters;
    for (const oldest of this.#products.keys()) {
      if (this.#products.size <= MAX_PRODUCTS && this.#characters <= MAX_CHARACTERS) return;
      this.#forget(oldest);
    }
  }

  #forget(slug: string): void {
    this.#characters -= this.#products.get(slug)?.characters ?? 0;
    this.#products.delete(slug);
  }
}
