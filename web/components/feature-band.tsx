/** One product told at more length than a card can, between the shelves. */
import type { Product } from "../../src/contracts/catalog.ts";
import { firstSentence } from "../first-sentence.ts";
import { lowestPrice, productHref } from "../option-choice.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import { MoneyText } from "./money.tsx";
import { ProductPicture } from "./product-picture.tsx";

export interface FeatureBandProps {
  readonly product: Product;
  /** Where it can be compared with others of its kind; null where there are none. */
  readonly compareHref: string | null;
}

export function FeatureBand({ product, compareHref }: FeatureBandProps) {
  const image = product.images[1] ?? product.images[0];
  const from = lowestPrice(product);
  return (
    <section class="wrap" aria-labelledby="feature-title">
      <div class="feature">
        <div class="feature-text">
          <h2 id="feature-title">{product.name}</h2>
          <p class="lead">{firstSentence(product.description)}</p>
          {from !== null && (
            <p class="feature-price">
              {from.varies && "From "}
              <MoneyText amount={from.price.amount} currency={from.price.currency} />
            </p>
          )}
          <p class="feature-actions">
            <a class="button" href={productHref(product.slug)} aria-label={`Look closer: ${product.name}`}>
              Look closer
            </a>
            {compareHref !== null && (
              <a class="button" data-look="quiet" href={compareHref}>
                Compare
              </a>
            )}
          </p>
        </div>
        <div class="feature-picture">
          {image !== undefined && <ProductPicture image={image} sizes={PICTURE_SIZES.feature} decorative />}
        </div>
      </div>
    </section>
  );
}
