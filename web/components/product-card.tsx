/** A product in a grid: on the home page, in lists and among search results. */
import type { Product, ProductImage } from "../../src/contracts/catalog.ts";
import type { Highlight } from "../../src/contracts/search.ts";
import type { AvailabilityStatus } from "../../src/domain/availability.ts";
import type { Money } from "../../src/domain/money.ts";
import { lowestPrice, productHref } from "../option-choice.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import { HighlightText } from "./highlight-text.tsx";
import { MoneyText } from "./money.tsx";
import { ProductPicture } from "./product-picture.tsx";
import { StockLabel } from "./stock-label.tsx";
import { SwatchDot } from "./swatch-dot.tsx";

/** What a card shows; an item of a search answer is one. */
export interface CardContent {
  readonly slug: string;
  readonly name: string;
  readonly highlight?: Highlight;
  readonly status: AvailabilityStatus;
  /** The lowest; null where nothing has a price. */
  readonly price: Money | null;
  /** Whether other variants cost more. */
  readonly priceVaries: boolean;
  readonly image?: ProductImage | undefined;
  /** CSS colours of its finishes. */
  readonly swatches: readonly string[];
}

/** More colours than this are told as a number. */
const MAX_SWATCHES = 5;

interface ProductCardProps {
  readonly item: CardContent;
  readonly priority: boolean;
  /** How wide the picture is shown, as `sizes` says it. */
  readonly sizes: string;
}

function ProductCard({ item, priority, sizes }: ProductCardProps) {
  return (
    <li class="card" data-status={item.status}>
      <a class="card-link" href={productHref(item.slug)}>
        <span class="card-picture">
          {item.image !== undefined && (
            <ProductPicture image={item.image} sizes={sizes} priority={priority} decorative />
          )}
        </span>
        <span class="card-name">
          {item.highlight === undefined ? item.name : <HighlightText parts={item.highlight} />}
        </span>
        {item.price !== null && (
          <span class="card-price">
            {item.priceVaries && "From "}
            <MoneyText amount={item.price.amount} currency={item.price.currency} />
          </span>
        )}
        {item.status !== "in_stock" && (
          <span class="card-status">
            <StockLabel status={item.status} available={null} />
          </span>
        )}
        {item.swatches.length > 1 && <Swatches colors={item.swatches} />}
      </a>
    </li>
  );
}

function Swatches({ colors }: { readonly colors: readonly string[] }) {
  return (
    <span class="card-swatches">
      {colors.slice(0, MAX_SWATCHES).map((color) => (
        <SwatchDot color={color} />
      ))}
      <span class="visually-hidden">{colors.length} colours</span>
      {colors.length > MAX_SWATCHES && (
        <span class="card-more" aria-hidden="true">
          +{colors.length - MAX_SWATCHES}
        </span>
      )}
    </span>
  );
}

interface CardGridProps {
  readonly items: readonly CardContent[];
  /** So many are in view when the page opens: their pictures are fetched at once. */
  readonly priorityCount?: number;
  /** Where the grid is: cards beside filters are as wide as there is room. */
  readonly place?: "page" | "results";
}

export function CardGrid({ items, priorityCount = 0, place = "page" }: CardGridProps) {
  const sizes = place === "page" ? PICTURE_SIZES.card : PICTURE_SIZES.results;
  return (
    <ul class="grid" data-card-grid>
      {items.map((item, index) => (
        <ProductCard item={item} priority={index < priorityCount} sizes={sizes} />
      ))}
    </ul>
  );
}

interface ProductGridProps {
  readonly products: readonly Product[];
  readonly priorityCount?: number;
}

export function ProductGrid({ products, priorityCount = 0 }: ProductGridProps) {
  return <CardGrid items={products.map(cardContentOf)} priorityCount={priorityCount} />;
}

function cardContentOf(product: Product): CardContent {
  const from = lowestPrice(product);
  return {
    slug: product.slug,
    name: product.name,
    status: product.status,
    price: from?.price ?? null,
    priceVaries: from?.varies ?? false,
    image: product.images[0],
    swatches: product.options.flatMap(({ values }) =>
      values.flatMap(({ swatch }) => (swatch === undefined ? [] : [swatch])),
    ),
  };
}
