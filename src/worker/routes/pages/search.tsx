/** Lists of products and search results. The same for everyone, so the edge keeps them for a moment. */
import type { SearchAnswer, SearchItem, SearchQuery } from "../../../contracts/search.ts";
import { EVERYTHING, isPlain, readBrowseQuery } from "../../../../web/browse-address.ts";
import { ListingPage } from "../../../../web/pages/listing.tsx";
import { SearchPage } from "../../../../web/pages/search.tsx";
import { renderPage } from "../../../../web/render.ts";
import { shelfAnswer } from "../../../../web/shelf-answer.ts";
import type { AppContext } from "../../app-env.ts";
import { listTags, nextOpening, sharedPage, type Lifetime, type SharedAnswerOptions } from "../../caching.ts";
import { servicesOf } from "../../compose.ts";
import { limitReads } from "../../middleware/read-limit.ts";
import { refuse } from "../../refuse.ts";
import { inStock } from "../../storefront.ts";
import type { App } from "../register.ts";
import { siteOf } from "./site.ts";

/** Of a choice among products: one that is not shown, and so not among its tags, may come to belong in it. */
const CHOSEN_LIFETIME: Lifetime = { freshSeconds: 15, staleSeconds: 60 };

export function registerSearchPages(app: App): void {
  app.get("/products", limitReads, listing);
  app.get("/search", limitReads, searchResults);
}

async function listing(c: AppContext): Promise<Response> {
  const query = { ...queryOf(c), q: "" };
  if (query.category !== null && !(await isCategory(c, query.category))) return refuse(c, "not_found");
  const answer = await found(c, query);
  const page = <ListingPage site={siteOf(c)} query={query} answer={answer} />;
  return sharedPage(c, renderPage(page), await keeping(c, query, answer.items));
}

async function searchResults(c: AppContext): Promise<Response> {
  const query = queryOf(c);
  const answer = query.q === "" ? null : await found(c, query);
  const popular = answer === null || answer.total === 0 ? await found(c, EVERYTHING) : null;
  const page = <SearchPage site={siteOf(c)} query={query} answer={answer} popular={popular} />;
  const shown = [...(answer?.items ?? []), ...(popular?.items ?? [])];
  return sharedPage(c, renderPage(page), await keeping(c, query, shown));
}

/** How a page with these products is kept: until one of them changes or opens. */
async function keeping(
  c: AppContext,
  query: SearchQuery,
  shown: readonly SearchItem[],
): Promise<SharedAnswerOptions> {
  const { catalog } = servicesOf(c.env);
  const ahead = shown.filter(({ status }) => status === "coming_soon");
  const drops = await Promise.all(ahead.map(({ slug }) => catalog.product(slug)));
  const changesAt = nextOpening(
    drops.filter((product) => product !== null),
    Date.now(),
  );
  const whole = query.q === "" && isPlain(query);
  return { tags: listTags(shown), changesAt, ...(whole ? {} : { lifetime: CHOSEN_LIFETIME }) };
}

function queryOf(c: AppContext): SearchQuery {
  return readBrowseQuery(new URL(c.req.url).searchParams);
}

async function found(c: AppContext, query: SearchQuery): Promise<SearchAnswer> {
  const services = servicesOf(c.env);
  const shown = await inStock(services, await services.catalog.products());
  return shelfAnswer(
    shown.map(({ product }) => product),
    query,
  );
}

async function isCategory(c: AppContext, category: string): Promise<boolean> {
  const products = await servicesOf(c.env).catalog.products();
  return products.some((product) => product.category === category);
}
