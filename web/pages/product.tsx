/**
 * A product with one SKU chosen: pictures, options, price, live availability, delivery, quantity and the cart button; what it
 * is made of; others of its kind. Cacheable per address (`/products/{slug}?sku=…`): nothing personal in it.
 *
 * Props: `ProductPageProps`. `selected` is the SKU of `?sku=`, or the first one still to be had. The form posts `sku`
 * and `quantity` to `/cart/lines`, which adds the quantity to what the cart holds and goes to the cart.
 */
import type { AvailabilityItem, Product, ProductSku } from "../../src/contracts/catalog.ts";
import type { Rates } from "../../src/domain/rates.ts";
import type { AvailabilityStatus } from "../../src/domain/availability.ts";
import { categoryHref, categoryTitle } from "../category-address.ts";
import { compareWithKind } from "../compare-address.ts";
import { choiceNote } from "../availability-label.ts";
import { BuyForm } from "../components/buy-form.tsx";
import { DeliveryLines } from "../components/delivery-lines.tsx";
import { DetailsList } from "../components/details-list.tsx";
import { DropPanel } from "../components/drop-panel.tsx";
import { Gallery } from "../components/gallery.tsx";
import { LockIcon } from "../components/icons.tsx";
import { JsonLdBlocks } from "../components/json-ld-block.tsx";
import { Kept } from "../components/kept.tsx";
import { MoneyText } from "../components/money.tsx";
import { Notice } from "../components/notice.tsx";
import { OptionPicker } from "../components/option-picker.tsx";
import { RelatedProducts } from "../components/related-products.tsx";
import { StockLabel } from "../components/stock-label.tsx";
import { StockNoticeForm, type StockNoticeState } from "../components/stock-notice-form.tsx";
import { WishButton } from "../components/wish-button.tsx";
import { Document } from "../document.tsx";
import { breadcrumbData, productData } from "../json-ld.ts";
import { imagesOf, productHref } from "../option-choice.ts";
import { mainZone } from "../shipping-words.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import type { SiteContext } from "../site.ts";

export interface ProductPageProps {
  readonly site: SiteContext;
  readonly product: Product;
  readonly selected: ProductSku;
  /** What is known about any of the product's SKUs; missing ones count as the product's own status says. */
  readonly availability: readonly AvailabilityItem[];
  /** Others of its kind, a few. */
  readonly related?: readonly Product[];
  /** Where parcels go, how and for how much. */
  readonly rates: Rates;
  /** Epoch ms. */
  readonly now: number;
  /** Why the last post to the cart did not do what was asked, in words for the shopper. */
  readonly problem?: string;
  /** What became of the last request to be told when it can be had. */
  readonly stockNotice?: StockNoticeState;
}

export function ProductPage(props: ProductPageProps) {
  const { site, product, selected, availability, related = [], problem } = props;
  const images = imagesOf(product, selected);
  const [picture] = images;
  return (
    <Document
      site={site}
      title={product.name}
      description={product.description.slice(0, 160)}
      canonicalPath={productHref(product.slug)}
      script="product"
      shareProduct={product}
      jsonLd={
        <Kept
          source={product.skus}
          variant={`data ${site.origin} ${product.status} ${availability.map(({ status }) => status).join(" ")}`}
          draw={() => (
            <JsonLdBlocks
              data={[
                productData(site.origin, product, availability),
                breadcrumbData(site.origin, [
                  { name: "All products", path: "/products" },
                  { name: categoryTitle(product.category), path: categoryHref(product.category) },
                  { name: product.name, path: productHref(product.slug) },
                ]),
              ]}
            />
          )}
        />
      }
      {...(picture === undefined ? {} : { mainPicture: { image: picture, sizes: PICTURE_SIZES.gallery } })}
    >
      <div class="wrap section page-top" data-swap="product" data-title={product.name}>
        <nav class="crumbs" aria-label="Breadcrumb">
          <a href="/products">All products</a>
          <span aria-hidden="true">/</span>
          <a href={categoryHref(product.category)}>{categoryTitle(product.category)}</a>
        </nav>
        {problem !== undefined && (
          <Notice tone="warning" title={problem} focus>
            <p>
              <a href="/cart">View your cart</a>
            </p>
          </Notice>
        )}
        <div class="product">
          <Kept
            source={product.images}
            variant={`gallery ${selected.sku}`}
            draw={() => <Gallery images={images} name={product.name} />}
          />
          <Facts {...props} />
        </div>
        <Kept source={product.skus} variant="about" draw={() => <About product={product} />} />
        <Kept
          source={product.skus}
          variant={`related ${related.map(({ slug }) => slug).join(" ")}`}
          draw={() => (
            <RelatedProducts
              category={product.category}
              products={related}
              compareHref={compareWithKind(product, related)}
            />
          )}
        />
      </div>
    </Document>
  );
}

function Facts({ product, selected, availability, rates, now, stockNotice }: ProductPageProps) {
  const known = availability.find((item) => item.sku === selected.sku) ?? null;
  const status: AvailabilityStatus = known?.status ?? product.status;
  const opensAt = product.dropAt ?? null;
  const ahead = opensAt !== null && Date.parse(opensAt) > now;
  return (
    <div class="product-facts">
      <h1>{product.name}</h1>
      <p class="product-price">
        <MoneyText amount={selected.price.amount} currency={selected.price.currency} />
        <StockLabel sku={selected.sku} status={status} available={known?.available ?? null} />
      </p>
      <Kept
        source={product.options}
        variant={`${selected.sku} ${choicesOf(availability)}`}
        draw={() => <OptionPicker product={product} selected={selected} availability={availability} />}
      />
      {ahead && <DropPanel opensAt={opensAt} sku={selected.sku} now={now} />}
      <BuyForm sku={selected} status={status} />
      <WishButton sku={selected.sku} />
      <StockNoticeForm
        slug={product.slug}
        sku={selected}
        ahead={ahead}
        hidden={!ahead && status !== "sold_out"}
        state={stockNotice ?? null}
      />
      <div class="assurances">
        <DeliveryLines
          orderedAt={ahead ? Date.parse(opensAt) : now}
          currency={selected.price.currency}
          zone={mainZone(rates)}
          isOneOfMany={rates.zones.length > 1}
        />
        <p class="assurance">
          <LockIcon />
          Reserved for you while you pay, charged once it is certain
        </p>
      </div>
    </div>
  );
}

/** What the choices say of what is left: nothing of most. */
function choicesOf(availability: readonly AvailabilityItem[]): string {
  return availability
    .map(({ sku, status, available }) => `${sku} ${status} ${choiceNote(status, available)}`)
    .join(", ");
}

function About({ product: { description, details = [] } }: Pick<ProductPageProps, "product">) {
  return (
    <div class="about">
      <section class="about-text" aria-labelledby="about-title">
        <h2 id="about-title">About it</h2>
        {description.split(/\n+/).map((paragraph) => (
          <p>{paragraph}</p>
        ))}
      </section>
      {details.length > 0 && (
        <section aria-labelledby="details-title">
          <h2 id="details-title">Details</h2>
          <DetailsList details={details} />
        </section>
      )}
    </div>
  );
}
