/** Lists of products and search results. The same for everyone, so the edge keeps them for a moment. */
import type { SearchQuery } from "../../../contracts/search.ts";
import { EVERYTHING, isPlain, readBrowseQuery } from "../../../../web/browse-address.ts";
import { ListingPage } from "../../../../web/pages/listing.tsx";
import { SearchPage } from "../../../../web/pages/search.tsx";
import { renderPage } from "../../../../web/render.ts";
import type { AppContext } from "../../app-env.ts";
import {
  PAGE_LIFETIME,
  listTags,
  nextDrop,
  sharedPage,
  type Lifetime,
  type SharedAnswerOptions,
} from "../../caching.ts";
import { servicesOf } from "../../compose.ts";
import { limitReads } from "../../middleware/read-limit.ts";
import { refuse } from "../../refuse.ts";
import { search, type FoundAnswer } from "../../search.ts";
import type { App } from "../register.ts";
import { siteOf } from "./site.ts";

/** Of a choice among products: one that is not shown, and so not among its tags, may come to belong in it. */
const CHOSEN_LIFETIME: Lifetime = { freshSeconds: 15, staleSeconds: 60 };
/** Of what was found while Postgres was away: soon to be replaced. */
const DEGRADED_LIFETIME: Lifetime = { freshSeconds: 2, staleSeconds: 10 };
/** Products offered where nothing was asked or found. */
const POPULAR_ITEMS = 4;

export function registerSearchPages(app: App): void {
  app.get("/products", limitReads, listing);
  app.get("/search", limitReads, searchResults);
}

async function listing(c: AppContext): Promise<Response> {
  const query = { ...queryOf(c), q: "" };
  if (query.category !== null && !(await isCategory(c, query.category))) return refuse(c, "not_found");
  const answer = await search(servicesOf(c.env), query);
  const page = <ListingPage site={siteOf(c)} query={query} answer={answer} />;
  return sharedPage(c, renderPage(page), await keeping(c, query, [answer]));
}

async function searchResults(c: AppContext): Promise<Response> {
  const query = queryOf(c);
  const services = servicesOf(c.env);
  const answer = query.q === "" ? null : await search(services, query);
  const popular =
    answer === null || answer.total === 0
      ? await search(services, { ...EVERYTHING, limit: POPULAR_ITEMS })
      : null;
  const page = <SearchPage site={siteOf(c)} query={query} answer={answer} popular={popular} />;
  const shown = [answer, popular].filter((part) => part !== null);
  return sharedPage(c, renderPage(page), await keeping(c, query, shown));
}

/** How a page that shows these answers is kept: until one of its products changes or opens. */
async function keeping(
  c: AppContext,
  query: SearchQuery,
  answers: readonly FoundAnswer[],
): Promise<SharedAnswerOptions> {
  const { catalog } = servicesOf(c.env);
  const shown = answers.flatMap(({ items }) => items);
  const ahead = shown.filter(({ status }) => status === "coming_soon");
  const { bySlug } = await catalog.index();
  const changesAt = nextDrop(
    ahead.flatMap(({ slug }) => bySlug.get(slug) ?? []),
    Date.now(),
  );
  return { tags: listTags(shown), changesAt, lifetime: lifetimeOf(query, answers) };
}

function lifetimeOf(query: SearchQuery, answers: readonly FoundAnswer[]): Lifetime {
  if (answers.some(({ degraded }) => degraded)) return DEGRADED_LIFETIME;
  return query.q === "" && isPlain(query) ? PAGE_LIFETIME : CHOSEN_LIFETIME;
}

function queryOf(c: AppContext): SearchQuery {
  return readBrowseQuery(new URL(c.req.url).searchParams);
}

async function isCategory(c: AppContext, category: string): Promise<boolean> {
  return (await servicesOf(c.env).catalog.index()).byCategory.has(category);
}
