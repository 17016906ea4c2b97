/**
 * Home: the drop with its countdown, then everything on sale. Cacheable: nothing personal in it.
 *
 * Props: `HomePageProps`. `products` in the order they are to be shown, each with the status as far as it is known.
 */
import type { Product } from "../../src/contracts/catalog.ts";
import { CountdownClock } from "../components/countdown-clock.tsx";
import { ArrowIcon } from "../components/icons.tsx";
import { ProductGrid } from "../components/product-card.tsx";
import { ProductPicture } from "../components/product-picture.tsx";
import { TimeText } from "../components/time-text.tsx";
import { Document } from "../document.tsx";
import { storeData } from "../json-ld.ts";
import { productHref } from "../option-choice.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import { STORE_NAME, type SiteContext } from "../site.ts";

export interface HomePageProps {
  readonly site: SiteContext;
  /** The product to put first: a drop ahead, or one that opened lately; null when there is none. */
  readonly drop: Product | null;
  readonly products: readonly Product[];
  /** Epoch ms. */
  readonly now: number;
}

export function HomePage({ site, drop, products, now }: HomePageProps) {
  const featured = drop ?? products[0] ?? null;
  const picture = featured?.images[0];
  const rest = products.filter((product) => product.slug !== drop?.slug);
  return (
    <Document
      site={site}
      title={STORE_NAME}
      description="Phones, tablets and what goes with them. We sell exactly what we have: what you reserve is yours."
      canonicalPath="/"
      jsonLd={storeData(site.origin)}
      {...(picture === undefined ? {} : { mainPicture: { image: picture, sizes: PICTURE_SIZES.hero } })}
    >
      {featured !== null && <Hero product={featured} now={now} />}
      <section class="wrap section" aria-labelledby="all-products">
        <div class="section-head">
          <h2 id="all-products">In the store</h2>
          <a class="text-link" href="/products">
            See all
          </a>
        </div>
        <ProductGrid products={rest} />
      </section>
      <section class="wrap section promises" aria-label="How buying here works">
        <div class="promise">
          <h3>Reserved means yours</h3>
          <p>
            From the moment you check out, your items are set aside. Nobody else can buy them while you pay.
          </p>
        </div>
        <div class="promise">
          <h3>Charged once it is certain</h3>
          <p>
            Your card is charged only after every item in your order has been secured. Otherwise you pay
            nothing.
          </p>
        </div>
        <div class="promise">
          <h3>Free standard shipping</h3>
          <p>On every order, with no minimum. The price you see is the price you pay, tax included.</p>
        </div>
      </section>
    </Document>
  );
}

function Hero({ product, now }: { readonly product: Product; readonly now: number }) {
  const opensAt = product.dropAt ?? null;
  const ahead = opensAt !== null && Date.parse(opensAt) > now;
  const image = product.images[0];
  return (
    <section class="hero" aria-labelledby="hero-title">
      <div class="wrap hero-row">
        <div class="hero-text">
          <p class="eyebrow" data-countdown-hides={ahead ? "" : undefined}>
            {ahead ? (
              <>
                On sale <TimeText at={opensAt} />
              </>
            ) : (
              "On sale now"
            )}
          </p>
          <h1 id="hero-title">{product.name}</h1>
          <p class="hero-lead">{firstSentence(product.description)}</p>
          {ahead && <CountdownClock until={opensAt} now={now} />}
          <p class="hero-action">
            <a class="button" href={productHref(product.slug)}>
              <span data-countdown-hides={ahead ? "" : undefined}>{ahead ? "Get ready" : "Buy now"}</span>
              {ahead && (
                <span data-countdown-shows hidden>
                  Buy now
                </span>
              )}
              <ArrowIcon />
            </a>
          </p>
        </div>
        <div class="hero-picture">
          {image !== undefined && <ProductPicture image={image} sizes={PICTURE_SIZES.hero} priority />}
        </div>
      </div>
    </section>
  );
}

function firstSentence(text: string): string {
  const match = /^.*?[.!?](?=\s|$)/s.exec(text);
  return match === null ? text : match[0];
}
