/**
 * Other products of the same kind. Pictures and names only: a price or a status here would make this page change with every
 * one of theirs.
 */
import type { Product } from "../../src/contracts/catalog.ts";
import { categoryTitle } from "../category-address.ts";
import { productHref } from "../option-choice.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import { ProductPicture } from "./product-picture.tsx";

export interface RelatedProductsProps {
  readonly category: string;
  readonly products: readonly Pick<Product, "slug" | "name" | "images">[];
  /** Where they are compared with this one. */
  readonly compareHref: string | null;
}

export function RelatedProducts({ category, products, compareHref }: RelatedProductsProps) {
  if (products.length === 0) return null;
  return (
    <section class="related" aria-labelledby="related-title">
      <div class="section-head">
        <h2 id="related-title">More {categoryTitle(category).toLowerCase()}</h2>
        {compareHref !== null && (
          <a class="text-link" href={compareHref}>
            Compare them
          </a>
        )}
      </div>
      <ul class="related-list">
        {products.map(({ slug, name, images: [image] }) => (
          <li>
            <a class="tile" href={productHref(slug)}>
              <span class="tile-picture">
                {image !== undefined && (
                  <ProductPicture image={image} sizes={PICTURE_SIZES.card} decorative />
                )}
              </span>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
