/** The HTML shell of every page: head, header, main region, footer. No inline script and no inline style anywhere. */
import { html, raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { Product, ProductImage } from "../src/contracts/catalog.ts";
import { assetPath, type IslandEntry } from "./asset-manifest.ts";
import { ImageDeliveryContext, picturePreload } from "./components/product-picture.tsx";
import { shareTags } from "./components/share-tags.tsx";
import { SiteFooter } from "./components/site-footer.tsx";
import { SiteHeader } from "./components/site-header.tsx";
import { keptMarkup } from "./kept-markup.ts";
import type { ImageDelivery } from "./pictures.ts";
import { STORE_NAME, type SiteContext } from "./site.ts";

export interface DocumentProps {
  readonly site: SiteContext;
  /** Without the store's name, which is appended. */
  readonly title: string;
  readonly description?: string;
  /** Path of the page's one true address; left out on personal pages, which search engines then do not list. */
  readonly canonicalPath?: string;
  /** The page's browser code. */
  readonly script?: IslandEntry;
  /** The picture that is largest on the page, fetched early; `sizes` as its `ProductPicture` has them. */
  readonly mainPicture?: { readonly image: ProductImage; readonly sizes: string };
  /** The product whose picture is shown where a link to the page is shared; otherwise it is the store's. */
  readonly shareProduct?: Pick<Product, "slug" | "name">;
  /** What the page tells search engines: `JsonLdBlock`s. */
  readonly jsonLd?: Child;
  /** Without JavaScript the page asks again after so many seconds; with it, its own code does (islands/wait.ts). */
  readonly refreshSeconds?: number;
  /** A header without navigation, where a purchase is being finished. */
  readonly quietHeader?: boolean;
  readonly children?: Child;
}

/** The same on every page, so written as text: elements cost the drawing of a page far more. */
const STANDING_META = raw(
  '<meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>' +
    '<meta name="color-scheme" content="light dark"/>' +
    '<meta name="theme-color" media="(prefers-color-scheme: light)" content="#fafaf7"/>' +
    '<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0f1413"/>' +
    '<meta name="format-detection" content="telephone=no"/>',
);
const STANDING_LINKS = raw(
  '<link rel="icon" href="/favicon.svg" type="image/svg+xml"/>' +
    '<link rel="apple-touch-icon" href="/icons/apple-touch-icon.png"/>' +
    '<link rel="manifest" href="/site.webmanifest"/>',
);

export function Document(props: DocumentProps) {
  const { site } = props;
  const delivery = imageDeliveryOf(site);
  return (
    <html lang="en">
      <head>
        {STANDING_META}
        {headText(props)}
        {STANDING_LINKS}
        {props.jsonLd}
      </head>
      <body data-vitals={assetPath("vitals.js")}>
        <a class="skip-link" href="#main">
          Skip to content
        </a>
        {header(site, props.quietHeader ?? false)}
        <main id="main" tabindex={-1}>
          <ImageDeliveryContext.Provider value={delivery}>{props.children}</ImageDeliveryContext.Provider>
        </main>
        {keptMarkup(FOOTER, "", () => (
          <SiteFooter />
        ))}
        {/* Browser code speaks to screen readers here; it stays while parts of the page are replaced. */}
        <p class="visually-hidden" role="status" aria-live="polite" data-live-region></p>
      </body>
    </html>
  );
}

function imageDeliveryOf({ imageDelivery }: SiteContext): ImageDelivery {
  return imageDelivery ?? "files";
}

/** What differs from page to page. As text, like the rest of the head. */
function headText(props: DocumentProps) {
  const { site, canonicalPath, mainPicture, refreshSeconds, description } = props;
  const title = props.title === STORE_NAME ? STORE_NAME : `${props.title} · ${STORE_NAME}`;
  const canonical = canonicalPath === undefined ? null : `${site.origin}${canonicalPath}`;
  return html`<title>${title}</title>
    ${description !== undefined && html`<meta name="description" content="${description}" />`}
    ${
      refreshSeconds !== undefined &&
      html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}" /></noscript>`
    }
    ${
      canonical === null
        ? html`<meta name="robots" content="noindex" />`
        : html`<meta name="robots" content="max-image-preview:large" />
            <link rel="canonical" href="${canonical}" />
            ${shareTags({
              origin: site.origin,
              canonical,
              title: props.title,
              description: description ?? null,
              product: props.shareProduct ?? null,
            })}`
    }
    <link rel="stylesheet" href="${assetPath("store.css")}" />
    ${mainPicture !== undefined && picturePreload({ ...mainPicture, delivery: imageDeliveryOf(site) })}
    ${scriptElement(assetPath(`${props.script ?? "store"}.js`), site.nonce)}`;
}

function scriptElement(src: string, nonce: string | undefined) {
  return nonce === undefined
    ? html`<script type="module" src="${src}"></script>`
    : html`<script type="module" src="${src}" nonce="${nonce}"></script>`;
}

/** What is the same on every page, by identity. */
const HEADER = {};
const FOOTER = {};

function header({ cartCount, searchText }: SiteContext, quiet: boolean) {
  if (cartCount === undefined && searchText === undefined)
    return keptMarkup(HEADER, String(quiet), () => <SiteHeader quiet={quiet} />);
  return (
    <SiteHeader
      {...(cartCount === undefined ? {} : { cartCount })}
      {...(searchText === undefined ? {} : { searchText })}
      quiet={quiet}
    />
  );
}
