/** The HTML shell of every page: head, header, main region, footer. No inline script and no inline style anywhere. */
import type { Child } from "hono/jsx";
import { assetPath, type IslandEntry } from "./asset-manifest.ts";
import { SiteFooter } from "./components/site-footer.tsx";
import { SiteHeader } from "./components/site-header.tsx";
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
  /** The picture that is largest on the page, fetched early. */
  readonly preloadImage?: string;
  /** The page asks again by itself after so many seconds; for waiting pages, also without JavaScript. */
  readonly refreshSeconds?: number;
  /** A header without navigation, where a purchase is being finished. */
  readonly quietHeader?: boolean;
  readonly children?: Child;
}

export function Document(props: DocumentProps) {
  const { site, canonicalPath, preloadImage, refreshSeconds } = props;
  const title = props.title === STORE_NAME ? STORE_NAME : `${props.title} · ${STORE_NAME}`;
  const canonical = canonicalPath === undefined ? null : `${site.origin}${canonicalPath}`;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title>{title}</title>
        {props.description !== undefined && <meta name="description" content={props.description} />}
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fafaf7" />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0f1413" />
        <meta name="format-detection" content="telephone=no" />
        {refreshSeconds !== undefined && <meta http-equiv="refresh" content={String(refreshSeconds)} />}
        {canonical === null ? (
          <meta name="robots" content="noindex" />
        ) : (
          <>
            <link rel="canonical" href={canonical} />
            <meta property="og:site_name" content={STORE_NAME} />
            <meta property="og:title" content={props.title} />
            {props.description !== undefined && (
              <meta property="og:description" content={props.description} />
            )}
            <meta property="og:url" content={canonical} />
          </>
        )}
        <link rel="stylesheet" href={assetPath("store.css")} />
        {preloadImage !== undefined && (
          <link rel="preload" as="image" href={preloadImage} fetchpriority="high" />
        )}
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <script type="module" src={assetPath(`${props.script ?? "store"}.js`)}></script>
      </head>
      <body>
        <a class="skip-link" href="#main">
          Skip to content
        </a>
        <SiteHeader
          {...(site.cartCount === undefined ? {} : { cartCount: site.cartCount })}
          {...(site.searchText === undefined ? {} : { searchText: site.searchText })}
          quiet={props.quietHeader ?? false}
        />
        <main id="main" tabindex={-1}>
          {props.children}
        </main>
        <SiteFooter />
        {/* Browser code speaks to screen readers here; it stays while parts of the page are replaced. */}
        <p class="visually-hidden" role="status" aria-live="polite" data-live-region></p>
      </body>
    </html>
  );
}
