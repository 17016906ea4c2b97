/** Nothing is here, or it is not this visitor's to see: both look the same. Props: `NotFoundPageProps`. */
import { SearchBox } from "../components/search-box.tsx";
import { Document } from "../document.tsx";
import type { SiteContext } from "../site.ts";

export interface NotFoundPageProps {
  readonly site: SiteContext;
}

export function NotFoundPage({ site }: NotFoundPageProps) {
  return (
    <Document site={site} title="Page not found">
      <div class="wrap section plain">
        <p class="eyebrow">404</p>
        <h1>There is nothing here</h1>
        <p class="lead">
          The address may be mistyped, or what was here has moved. If you were looking for an order, open the
          link from its confirmation e-mail.
        </p>
        <SearchBox id="not-found-search" place="page" />
        <p class="ways">
          <a href="/">Home</a>
          <a href="/products">All products</a>
          <a href="/cart">Your cart</a>
          <a href="/help">Help</a>
        </p>
      </div>
    </Document>
  );
}
