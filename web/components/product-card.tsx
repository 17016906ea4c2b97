/** A product in a grid. */
import type { Product } from "../../src/contracts/catalog.ts";
import { lowestPrice, productHref } from "../option-choice.ts";
import { MoneyText } from "./money.tsx";
import { ProductPicture } from "./product-picture.tsx";
import { StockLabel } from "./stock-label.tsx";
import { SwatchDot } from "./swatch-dot.tsx";

interface ProductCardProps {
  readonly product: Product;
  /** In view when the page opens. */
  readonly priority?: boolean;
}

/** More colours than this are told as a number. */
const MAX_SWATCHES = 5;

function ProductCard({ product, priority = false }: ProductCardProps) {
  const image = product.images[0];
  const from = lowestPrice(product);
  const swatches = product.options.flatMap((option) =>
    option.values.filter((value) => value.swatch !== undefined),
  );
  return (
    <li class="card">
      <a class="card-link" href={productHref(product.slug)}>
        <span class="card-picture">
          {image !== undefined && <ProductPicture image={image} priority={priority} decorative />}
        </span>
        <span class="card-name">{product.name}</span>
        <span class="card-facts">
          {from !== null && (
            <span class="card-price">
              {from.varies && "From "}
              <MoneyText amount={from.price.amount} currency={from.price.currency} />
            </span>
          )}
          {product.status !== "in_stock" && <StockLabel status={product.status} available={null} />}
        </span>
        {swatches.length > 1 && (
          <span class="card-swatches">
            {swatches.slice(0, MAX_SWATCHES).map((value) => (
              <SwatchDot color={value.swatch ?? ""} />
            ))}
            <span class="visually-hidden">{swatches.length} colours</span>
            {swatches.length > MAX_SWATCHES && (
              <span class="card-more" aria-hidden="true">
                +{swatches.length - MAX_SWATCHES}
              </span>
            )}
          </span>
        )}
      </a>
    </li>
  );
}

export function ProductGrid({
  products,
  priorityCount = 0,
}: {
  products: readonly Product[];
  priorityCount?: number;
}) {
  return (
    <ul class="grid">
      {products.map((product, index) => (
        <ProductCard product={product} priority={index < priorityCount} />
      ))}
    </ul>
  );
}
