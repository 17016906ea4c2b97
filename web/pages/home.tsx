/**
 * Home: the drop with its countdown, the ways into the store, a few shelves and what to expect. Cacheable: nothing personal
 * in it.
 *
 * Props: `HomePageProps`. `products` in the order they are to be shown, each with the status as far as it is known.
 */
import type { Product } from "../../src/contracts/catalog.ts";
import { categoryHref } from "../category-address.ts";
import { compareWithKind } from "../compare-address.ts";
import { CategoryTiles } from "../components/category-tiles.tsx";
import { FeatureBand } from "../components/feature-band.tsx";
import { Hero } from "../components/hero.tsx";
import { JsonLdBlocks } from "../components/json-ld-block.tsx";
import { CheckIcon, LockIcon, TruckIcon } from "../components/icons.tsx";
import type { Rates } from "../../src/domain/rates.ts";
import { ProductGrid } from "../components/product-card.tsx";
import { Document } from "../document.tsx";
import { storeData } from "../json-ld.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import { shippingPromise, type ShippingPromise } from "../shipping-words.ts";
import { shelvesOf, tilesOf, type Shelf } from "../shelves.ts";
import { STORE_NAME, type SiteContext } from "../site.ts";

export interface HomePageProps {
  readonly site: SiteContext;
  /** The product to put first: a drop ahead, or one that opened lately; null when there is none. */
  readonly drop: Product | null;
  readonly products: readonly Product[];
  /** Where parcels go, how and for how much. */
  readonly rates: Rates;
  /** Epoch ms. */
  readonly now: number;
}

export function HomePage({ site, drop, products, rates, now }: HomePageProps) {
  const first = drop ?? products[0] ?? null;
  const picture = first?.images[0];
  const [newest, ...shelves] = shelvesOf(products, first?.slug ?? null);
  const featured = products.find(({ slug }) => slug !== first?.slug) ?? null;
  return (
    <Document
      site={site}
      title={STORE_NAME}
      description="Phones, tablets and what goes with them. We sell exactly what we have: what you reserve is yours."
      canonicalPath="/"
      jsonLd={<JsonLdBlocks data={storeData(site.origin)} />}
      {...(picture === undefined ? {} : { mainPicture: { image: picture, sizes: PICTURE_SIZES.hero } })}
    >
      {first === null ? <h1 class="visually-hidden">{STORE_NAME}</h1> : <Hero product={first} now={now} />}
      <CategoryTiles tiles={tilesOf(products)} />
      {newest !== undefined && <ShelfSection shelf={newest} />}
      {featured !== null && (
        <FeatureBand
          product={featured}
          compareHref={compareWithKind(
            featured,
            products.filter(({ category }) => category === featured.category),
          )}
        />
      )}
      {shelves.map((shelf) => (
        <ShelfSection shelf={shelf} />
      ))}
      <Promises shipping={shippingPromise(rates)} />
    </Document>
  );
}

function ShelfSection({ shelf: { id, title, href, products } }: { readonly shelf: Shelf }) {
  return (
    <section class="wrap section" aria-labelledby={`shelf-${id}`}>
      <div class="section-head">
        <h2 id={`shelf-${id}`}>{title}</h2>
        <a class="text-link" href={href}>
          {href === categoryHref(null) ? (
            "All products"
          ) : (
            <>
              See all<span class="visually-hidden">: {title}</span>
            </>
          )}
        </a>
      </div>
      <ProductGrid products={products} />
    </section>
  );
}

function Promises({ shipping }: { readonly shipping: ShippingPromise }) {
  return (
    <section class="wrap section promises" aria-label="How buying here works">
      <div class="promise">
        <LockIcon class="promise-icon" />
        <h3>Reserved means yours</h3>
        <p>
          From the moment you check out, your items are set aside. Nobody else can buy them while you pay.
        </p>
      </div>
      <div class="promise">
        <CheckIcon class="promise-icon" />
        <h3>Charged once it is certain</h3>
        <p>
          Your card is charged only after every item in your order has been secured. Otherwise you pay
          nothing.
        </p>
      </div>
      <div class="promise">
        <TruckIcon class="promise-icon" />
        <h3>{shipping.title}</h3>
        <p>{shipping.text}</p>
      </div>
    </section>
  );
}
