/**
 * A product with one SKU chosen: pictures, options, price, live availability, quantity and the cart button.
 * Cacheable per address (`/products/{slug}?sku=…`): nothing personal in it.
 *
 * Props: `ProductPageProps`. `selected` is the SKU of `?sku=`, or the first one still to be had. The form posts `sku`
 * and `quantity` to `/cart/lines`, which adds the quantity to what the cart holds and goes to the cart.
 */
import type { AvailabilityItem, Product, ProductSku } from "../../src/contracts/catalog.ts";
import type { AvailabilityStatus } from "../../src/domain/availability.ts";
import { BuyForm } from "../components/buy-form.tsx";
import { CountdownClock } from "../components/countdown-clock.tsx";
import { Gallery } from "../components/gallery.tsx";
import { LockIcon, TruckIcon } from "../components/icons.tsx";
import { MoneyText } from "../components/money.tsx";
import { Notice } from "../components/notice.tsx";
import { OptionPicker } from "../components/option-picker.tsx";
import { StockLabel } from "../components/stock-label.tsx";
import { TimeText } from "../components/time-text.tsx";
import { Document } from "../document.tsx";
import { breadcrumbData, productData } from "../json-ld.ts";
import { imagesOf, productHref } from "../option-choice.ts";
import { PICTURE_SIZES } from "../picture-sizes.ts";
import type { SiteContext } from "../site.ts";
import { categoryHref, categoryTitle } from "./listing.tsx";

export interface ProductPageProps {
  readonly site: SiteContext;
  readonly product: Product;
  readonly selected: ProductSku;
  /** What is known about any of the product's SKUs; missing ones count as the product's own status says. */
  readonly availability: readonly AvailabilityItem[];
  /** Epoch ms. */
  readonly now: number;
  /** Why the last post to the cart did not do what was asked, in words for the shopper. */
  readonly problem?: string;
}

export function ProductPage({ site, product, selected, availability, now, problem }: ProductPageProps) {
  const images = imagesOf(product, selected);
  const [picture] = images;
  const known = availability.find((item) => item.sku === selected.sku) ?? null;
  const status: AvailabilityStatus = known?.status ?? product.status;
  const opensAt = product.dropAt ?? null;
  const ahead = opensAt !== null && Date.parse(opensAt) > now;
  return (
    <Document
      site={site}
      title={product.name}
      description={product.description.slice(0, 160)}
      canonicalPath={productHref(product.slug)}
      script="product"
      shareProduct={product}
      jsonLd={[
        productData(site.origin, product, availability),
        breadcrumbData(site.origin, [
          { name: "All products", path: "/products" },
          { name: categoryTitle(product.category), path: categoryHref(product.category) },
          { name: product.name, path: productHref(product.slug) },
        ]),
      ]}
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
          <Gallery images={images} name={product.name} />
          <div class="product-facts">
            <h1>{product.name}</h1>
            <p class="product-price">
              <MoneyText amount={selected.price.amount} currency={selected.price.currency} />
              <StockLabel sku={selected.sku} status={status} available={known?.available ?? null} />
            </p>
            <OptionPicker product={product} selected={selected} availability={availability} />
            {ahead && (
              <div class="drop" data-countdown-hides>
                <p class="drop-title">
                  On sale <TimeText at={opensAt} />
                </p>
                <CountdownClock until={opensAt} now={now} />
                <p class="fine" data-script-note>
                  The button below opens by itself at that moment. There is no need to reload.
                </p>
                <noscript>
                  <p class="fine">Load this page again at that moment to buy.</p>
                </noscript>
              </div>
            )}
            <BuyForm sku={selected} status={status} />
            <ul class="assurances">
              <li>
                <TruckIcon />
                Free standard shipping
              </li>
              <li>
                <LockIcon />
                Reserved for you while you pay
              </li>
            </ul>
            <div class="product-description">
              {product.description.split(/\n+/).map((paragraph) => (
                <p>{paragraph}</p>
              ))}
            </div>
          </div>
        </div>
      </div>
    </Document>
  );
}
