/** Every page in every state worth looking at, with made-up data: for the preview and for tests. Not part of the store. */
import type { Product } from "../../src/contracts/catalog.ts";
import type { SearchAnswer, SearchQuery } from "../../src/contracts/search.ts";
import { EVERYTHING } from "../browse-address.ts";
import { DesignPage } from "../pages/design.tsx";
import { ErrorPage } from "../pages/error.tsx";
import { HelpPage } from "../pages/help.tsx";
import { HomePage } from "../pages/home.tsx";
import { ListingPage } from "../pages/listing.tsx";
import { NotFoundPage } from "../pages/not-found.tsx";
import { OfflinePage } from "../pages/offline.tsx";
import { PrivacyPage } from "../pages/privacy.tsx";
import { SearchPage } from "../pages/search.tsx";
import { ReturnsPage } from "../pages/returns.tsx";
import { ShippingPage } from "../pages/shipping.tsx";
import { WaitPage } from "../pages/wait.tsx";
import { renderPage } from "../render.ts";
import type { SiteContext } from "../site.ts";
import { SAMPLE_RATES } from "./sample-rates.ts";
import { sampleAccountPages } from "./sample-account.tsx";
import { sampleProductPages } from "./sample-products.tsx";
import { sampleProfilePages } from "./sample-profile.tsx";
import { samplePurchasePages } from "./sample-purchase.tsx";
import { sampleAnswer } from "./sample-search.ts";

export interface SamplePage {
  readonly name: string;
  readonly html: string;
}

const site: SiteContext = { origin: "https://store.example" };

/**
 * @param products at least two, the first of them with options; one may have a `dropAt`
 * @param now epoch ms
 */
export function samplePages(products: readonly Product[], now: number): SamplePage[] {
  const [first, second] = products;
  if (first === undefined || second === undefined) throw new RangeError("the sample pages need two products");
  const drop = products.find((product) => product.dropAt !== undefined) ?? null;
  const pages: Record<string, string> = {
    home: renderPage(<HomePage site={site} drop={drop} products={products} rates={SAMPLE_RATES} now={now} />),
    ...browsePages(products),
    ...sampleProductPages(site, products, now),
    ...samplePurchasePages(site, products, now),
    ...informationPages(now),
    ...sampleAccountPages(site, now),
    ...sampleProfilePages(site, now),
    "not-found": renderPage(<NotFoundPage site={site} />),
    error: renderPage(<ErrorPage site={site} requestId="01JD8Z5Y3W4V6T7S8R9Q0P1N2M" />),
    wait: renderPage(<WaitPage site={site} retryAfterSeconds={5} retryHref="/" />),
  };
  return Object.entries(pages).map(([name, html]) => ({ name, html }));
}

function browsePages(products: readonly Product[]): Record<string, string> {
  const listing = (change: Partial<SearchQuery>) => {
    const query = { ...EVERYTHING, ...change };
    const answer = sampleAnswer(products, query);
    return renderPage(<ListingPage site={site} query={query} answer={answer} />);
  };
  const search = (change: Partial<SearchQuery>, more: Partial<SearchAnswer> = {}) => {
    const query = { ...EVERYTHING, ...change };
    const answer = query.q === "" ? null : { ...sampleAnswer(products, query), ...more };
    const popular =
      answer?.total === 0 || answer === null ? sampleAnswer(products, { ...EVERYTHING, limit: 4 }) : null;
    return renderPage(<SearchPage site={site} query={query} answer={answer} popular={popular} />);
  };
  const [color] = products[0]?.options.find(({ name }) => name === "color")?.values ?? [];
  return {
    listing: listing({}),
    "listing-category": listing({ category: products[0]?.category ?? "" }),
    "listing-filtered": listing({ color: [color?.value ?? ""], inStock: true, maxPrice: 150_000 }),
    "listing-nothing": listing({ storage: ["none"], inStock: true }),
    search: search({ q: "aurora" }, { nextCursor: "2", didYouMean: "aurora pro" }),
    "search-filtered": search({ q: "aurora", inStock: true, sort: "price_asc" }),
    "search-nothing": search({ q: "zeppelin" }),
    "search-start": search({}),
  };
}

function informationPages(now: number): Record<string, string> {
  const contactEmail = "orders@store.example";
  return {
    help: renderPage(
      <HelpPage site={site} contactEmail={contactEmail} holdMinutes={30} paymentMinutes={10} />,
    ),
    shipping: renderPage(<ShippingPage site={site} rates={SAMPLE_RATES} />),
    returns: renderPage(<ReturnsPage site={site} contactEmail={contactEmail} />),
    privacy: renderPage(<PrivacyPage site={site} contactEmail={contactEmail} />),
    offline: renderPage(<OfflinePage site={site} />),
    design: renderPage(<DesignPage site={site} now={now} />),
  };
}
